package org.gradus.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.gradus.base.GradusException;

/// A file that is read once from its first byte to its last, and then piece by piece, on any thread, while it must stay as
/// it is. Where it is packed with gzip, pieces come from a temporary file with its contents. It is open only while pieces
/// are read.
final class StoredFile {
    private static final int BUFFER = 1 << 16;

    private final Path file; // as it was given
    private final Path plain; // the same without gzip
    private final long size;
    private final FileTime written;

    /// @throws GradusException when it is missing, or damaged as a gzip file
    StoredFile(Path file) {
        this.file = file;
        this.plain = PixelSource.unpacked(file);
        BasicFileAttributes now = attributes();
        this.size = now.size();
        this.written = now.lastModifiedTime();
    }

    /// As it was given.
    Path path() {
        return file;
    }

    /// What is made of its contents.
    ///
    /// @throws GradusException when it is empty or cannot be read
    <T> T read(InputFile.Contents<T> contents) {
        if (size == 0) {
            throw InputFile.empty(file);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(plain), BUFFER)) {
            return contents.from(in);
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /// For some pieces.
    ///
    /// @throws GradusException when it cannot be opened, or is no longer what it was
    Pieces open() {
        BasicFileAttributes now = attributes();
        if (now.size() != size || !now.lastModifiedTime().equals(written)) {
            throw changed();
        }
        try {
            return new Pieces(FileChannel.open(plain));
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /// That it is no longer what was read at first.
    GradusException changed() {
        return new GradusException("file-changed", change());
    }

    /// The same, because of what was found instead.
    GradusException changed(Exception cause) {
        return new GradusException("file-changed", change(), cause);
    }

    private String change() {
        return "`" + file + "` has changed since its first reading, when it had " + size + " bytes. With"
                + " `stream = true` a file is read as long as a model trains: let it be until the end, and"
                + " start again.";
    }

    private BasicFileAttributes attributes() {
        try {
            return Files.readAttributes(plain, BasicFileAttributes.class);
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }

    /// The file while it is open.
    final class Pieces implements AutoCloseable {
        private final FileChannel channel;

        private Pieces(FileChannel channel) {
            this.channel = channel;
        }

        /// The characters from one place to another one.
        ///
        /// @throws GradusException when they cannot be read, there are fewer, or they are no UTF-8
        String text(long from, long to) {
            ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
            try {
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, from + bytes.position()) < 0) {
                        throw changed();
                    }
                }
                return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
            } catch (CharacterCodingException e) {
                throw changed(e);
            } catch (IOException e) {
                throw InputFile.unreadable(file, e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw InputFile.unreadable(file, e);
            }
        }
    }
}
