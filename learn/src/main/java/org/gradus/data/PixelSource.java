package org.gradus.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the bytes of images lie: in memory, or in files that are read image by image.
interface PixelSource {
    /// The number of images.
    int size();

    /// The bytes of an image, `[channels, height, width]`; on any thread.
    void read(int image, byte[] into);

    /// Those at these positions.
    default PixelSource part(int... positions) {
        return new Some(this, positions.clone());
    }

    /// All in one array, one after the other.
    final class InMemory implements PixelSource {
        private final byte[] bytes;
        private final int width;

        InMemory(byte[] bytes, int width) {
            this.bytes = bytes;
            this.width = width;
        }

        @Override
        public int size() {
            return width == 0 ? 0 : bytes.length / width;
        }

        @Override
        public void read(int image, byte[] into) {
            System.arraycopy(bytes, image * width, into, 0, width);
        }

        /// A copy, so that the others need not stay in memory.
        @Override
        public PixelSource part(int... positions) {
            byte[] part = new byte[positions.length * width];
            for (int i = 0; i < positions.length; i++) {
                System.arraycopy(bytes, positions[i] * width, part, i * width, width);
            }
            return new InMemory(part, width);
        }
    }

    /// Some of another's.
    final class Some implements PixelSource {
        private final PixelSource all;
        private final int[] positions;

        Some(PixelSource all, int[] positions) {
            this.all = all;
            this.positions = positions;
        }

        @Override
        public int size() {
            return positions.length;
        }

        @Override
        public void read(int image, byte[] into) {
            all.read(positions[image], into);
        }
    }

    /// Records of the same length in files that are mapped into memory: the system keeps those that were read lately.
    ///
    /// @param header the bytes before the first record of each file
    /// @param record the bytes of a record
    /// @param before those of a record before its pixels
    record Mapped(List<MemorySegment> files, long header, int record, int before) implements PixelSource {
        @Override
        public int size() {
            return Math.toIntExact(files.stream()
                    .mapToLong(file -> (file.byteSize() - header) / record)
                    .sum());
        }

        @Override
        public void read(int image, byte[] into) {
            long place = image;
            int file = 0;
            while (place >= records(file)) {
                place -= records(file);
                file++;
            }
            MemorySegment.copy(
                    files.get(file), ValueLayout.JAVA_BYTE, header + place * record + before, into, 0, into.length);
        }

        private long records(int file) {
            return (files.get(file).byteSize() - header) / record;
        }
    }

    /// Pictures in files of their own, decoded when they are asked for.
    record Pictures(List<Path> files, Reading reading, Form.Image form) implements PixelSource {
        @Override
        public int size() {
            return files.size();
        }

        @Override
        public void read(int image, byte[] into) {
            byte[] bytes =
                    PictureFolder.picture(files.get(image), reading, form).bytes();
            System.arraycopy(bytes, 0, into, 0, into.length);
        }
    }

    /// All images in memory.
    ///
    /// @param width the bytes of one
    static PixelSource inMemory(PixelSource source, int width) {
        byte[] all = new byte[source.size() * width];
        byte[] one = new byte[width];
        for (int i = 0; i < source.size(); i++) {
            source.read(i, one);
            System.arraycopy(one, 0, all, i * width, width);
        }
        return new InMemory(all, width);
    }

    /// The file itself, or where it is packed with gzip a temporary one with its contents, which goes away with the
    /// process.
    ///
    /// @throws org.gradus.base.GradusException when it is missing or damaged, or there is no room
    static Path unpacked(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (in.read() != 0x1f || in.read() != 0x8b) {
                return file;
            }
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
        return InputFile.read(file, in -> {
            Path plain = Files.createTempFile("gradus-", ".bin");
            plain.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(plain)) {
                in.transferTo(out);
            }
            return plain;
        });
    }

    /// The bytes of a file, which are read when they are looked at.
    static MemorySegment mapped(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw InputFile.unreadable(file, e);
        }
    }
}
