package org.gradus.formats;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.gradus.base.GradusException;

/// A file that is written whole or not at all. What is written goes to a temporary file beside it, which takes its
/// name at the end; whoever reads meanwhile, or after a crash, finds the old file or the new one.
public final class WholeFile {
    /// What writes the contents.
    @FunctionalInterface
    public interface Contents {
        /// Writes them.
        void write(OutputStream out) throws IOException;
    }

    /// What makes something of the contents.
    @FunctionalInterface
    interface Reading<T> {
        /// Reads them.
        T of(InputStream in) throws IOException;
    }

    private WholeFile() {}

    /// What is made of a file.
    ///
    /// @throws GradusException when there is none, or it cannot be read
    static <T> T read(Path file, Reading<T> reading) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return reading.of(in);
        } catch (NoSuchFileException e) {
            throw new GradusException(
                    "file-missing",
                    "There is no file `" + file.toAbsolutePath()
                            + "`. Is the path right, and relative to the right folder?",
                    e);
        } catch (IOException e) {
            throw new GradusException(
                    "file-read",
                    "`" + file + "` could not be read (" + reason(e) + "). Is it a file, and may you read it?",
                    e);
        }
    }

    /// Replaces `file`, or makes it.
    ///
    /// @throws GradusException when it cannot be written; it is then as it was
    public static void write(Path file, Contents contents) {
        Path absolute = file.toAbsolutePath();
        Path temporary = temporary(absolute);
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
                contents.write(out);
                out.flush();
                channel.force(true);
            }
            replace(temporary, absolute);
        } catch (IOException e) {
            throw unwritten(file, e);
        } finally {
            remove(temporary);
        }
    }

    /// Checks that a file can be written, before much is done for what is to be in it. Nothing is left behind.
    ///
    /// @throws GradusException when it cannot
    public static void demandWritable(Path file) {
        if (Files.isDirectory(file)) {
            throw unwritten(file, new FileSystemException(file.toString(), null, "it is a folder"));
        }
        Path temporary = temporary(file.toAbsolutePath());
        try {
            Files.newOutputStream(temporary).close();
        } catch (IOException e) {
            throw unwritten(file, e);
        } finally {
            remove(temporary);
        }
    }

    private static Path temporary(Path absolute) {
        String unique =
                ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
        return absolute.resolveSibling("." + absolute.getFileName() + "." + unique + ".tmp");
    }

    private static GradusException unwritten(Path file, IOException e) {
        return new GradusException(
                "file-write",
                "`" + file + "` could not be written (" + reason(e)
                        + "). Does its folder exist, may you write there, and is there room?",
                e);
    }

    /// What hindered reading or writing, in a few words.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static void replace(Path temporary, Path file) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            temporary.toFile().deleteOnExit();
        }
    }
}
