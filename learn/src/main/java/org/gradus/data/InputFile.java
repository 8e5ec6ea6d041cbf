package org.gradus.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.gradus.base.GradusException;

/// A file of data that is read from its first byte to its last, and unpacked on the way where it is gzip-compressed.
/// Whether it is, its first bytes tell and not its name: some tools unpack what they download and keep the name.
final class InputFile {
    /// The most bytes that an array can hold.
    static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private static final int CHUNK = 1 << 16;

    /// What reads the contents.
    @FunctionalInterface
    interface Contents<T> {
        /// Reads them.
        T from(InputStream in) throws IOException;
    }

    private InputFile() {}

    /// What is made of the unpacked contents.
    ///
    /// @throws GradusException when the file is missing, empty, unreadable, or damaged as a gzip file
    static <T> T read(Path file, Contents<T> contents) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
            raw.mark(2);
            int first = raw.read();
            int second = raw.read();
            raw.reset();
            if (first < 0) {
                throw empty(file);
            }
            boolean packed = first == 0x1f && second == 0x8b;
            return packed ? unpacked(file, raw, contents) : contents.from(raw);
        } catch (NoSuchFileException _) {
            throw missing(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static GradusException empty(Path file) {
        return new GradusException(
                "file-empty", "`" + file + "` is empty. Was it copied or downloaded to its end? Get it again.");
    }

    static GradusException missing(Path path) {
        return new GradusException(
                "file-missing",
                "There is no file or folder `" + path.toAbsolutePath()
                        + "`. Is the path right, and relative to the right folder?");
    }

    static GradusException unreadable(Path path, IOException cause) {
        String reason = switch (cause) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(cause.getMessage());
        };
        return new GradusException(
                "file-read", "`" + path + "` could not be read (" + reason + "). May you read it?", cause);
    }

    private static <T> T unpacked(Path file, InputStream raw, Contents<T> contents) throws IOException {
        try {
            return contents.from(new GZIPInputStream(raw, CHUNK));
        } catch (EOFException e) {
            throw damaged(file, "its gzip data break off before their end", e);
        } catch (ZipException e) {
            throw damaged(file, "its gzip data cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    private static GradusException damaged(Path file, String what, IOException cause) {
        return new GradusException(
                "gzip-damaged",
                "`" + file + "` is damaged: " + what + ". Was it copied or downloaded to its end? Get it again.",
                cause);
    }
}
