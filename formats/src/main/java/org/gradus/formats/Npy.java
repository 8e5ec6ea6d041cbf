package org.gradus.formats;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;

/// NumPy's `.npy` files, which hold one array each.
///
/// Versions 1 to 3 are read, in either byte order. Fortran order becomes row-major order. Element types:
///
/// | in the file        | as an array |
/// |--------------------|-------------|
/// | `f4`, `f2`         | `float32`   |
/// | `f8`               | `float64`   |
/// | `i4`, `i2`, `i1`   | `int32`     |
/// | `u2`, `u1`         | `int32`     |
/// | `i8`, `u4`         | `int64`     |
/// | `b1`               | `bool`      |
///
/// Written are version 1, little endian, row-major order, and the type without change.
///
/// Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64; // of the first element in the file, in bytes

    private Npy() {}

    /// The array in a file.
    ///
    /// @throws GradusException when there is no such file, or what is wrong with it
    public static Array read(Path file) {
        return WholeFile.read(file, in -> read(file.toString(), in, Files.size(file)));
    }

    /// The array in a file that is in memory already, such as one out of an archive.
    ///
    /// @param name what errors call it
    /// @throws GradusException saying what is wrong with it
    public static Array parse(String name, byte[] bytes) {
        try {
            return read(name, new ByteArrayInputStream(bytes), bytes.length);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Writes an array to a file, replacing what was there. The file is written whole or not at all.
    ///
    /// @throws GradusException when it cannot be written
    public static void write(Path file, Array array) {
        byte[] header = header(array.type());
        WholeFile.write(file, out -> {
            out.write(header);
            Element.write(out, array);
        });
    }

    private static Array read(String name, InputStream in, long size) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new GradusException(
                    "npy-magic",
                    "`" + name
                            + "` is no .npy file: it does not begin with the bytes 93 4E 55 4D 50 59 (\\x93NUMPY). An"
                            + " .npz file is a zip archive of .npy files; unpack it.");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new GradusException(
                    "npy-version",
                    "`" + name + "` is of version " + version + " of the .npy format; versions 1 to 3 are read. Save it"
                            + " again with `numpy.save`.");
        }
        int digits = version == 1 ? 2 : 4;
        byte[] length = in.readNBytes(digits);
        long offset = (long) start.length + digits;
        long headerLength = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            headerLength = headerLength << 8 | (length[i] & 0xFF);
        }
        if (length.length < digits || headerLength > size - offset) {
            throw new GradusException(
                    "npy-length",
                    "`" + name + "` ends within its header: it has " + size + " bytes, and the header alone takes "
                            + (offset + headerLength) + ". Was it copied in full?");
        }
        byte[] text = in.readNBytes((int) Math.min(headerLength, Integer.MAX_VALUE));
        NpyHeader header = NpyHeader.parse(
                name, new String(text, version < 3 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        long promised = (long) header.element().bytes() * header.shape().count();
        long present = size - offset - headerLength;
        if (present != promised) {
            throw new GradusException(
                    "npy-length",
                    "`" + name + "` has " + present + " bytes behind its header, but " + header.shape()
                            + " elements of "
                            + header.element().bytes() + " bytes take " + promised + ". "
                            + (present < promised ? "Was it copied in full?" : "Is there more than one array in it?"));
        }
        return elements(name, in, header);
    }

    private static Array elements(String name, InputStream in, NpyHeader header) throws IOException {
        Array array = Array.zeros(new TensorType(header.element().type(), header.shape()));
        if (!header.element().read(in, header.order(), array)) {
            throw new GradusException(
                    "npy-length", "`" + name + "` became shorter while it was read. Does something else write it?");
        }
        return header.fortran() ? rowMajor(array) : array;
    }

    private static byte[] header(TensorType type) {
        String text = NpyHeader.text(type);
        int before = MAGIC.length + 4;
        int length = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT - before;
        ByteBuffer header = ByteBuffer.allocate(before + length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
        header.put((text + " ".repeat(length - text.length() - 1) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        return header.array();
    }

    /// The array in row-major order whose elements are given with the first axis running fastest.
    private static Array rowMajor(Array columns) {
        int[] sizes = columns.shape().sizes();
        Array rows = Array.zeros(columns.type());
        int[] at = new int[sizes.length];
        for (int i = 0; i < rows.count(); i++) {
            int from = 0;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                from = from * sizes[axis] + at[axis];
            }
            if (rows.type().type().isInteger()) {
                rows.setLong(i, columns.getLong(from));
            } else {
                rows.set(i, columns.get(from));
            }
            for (int axis = sizes.length - 1; axis >= 0 && ++at[axis] == sizes[axis]; axis--) {
                at[axis] = 0;
            }
        }
        return rows;
    }
}
