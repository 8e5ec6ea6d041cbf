package org.gradus.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.gradus.base.Array;
import org.gradus.base.Type;

/// How one element of an array is stored in a file, and what it becomes.
enum Element {
    F2(Type.FLOAT32, 2, "f2", "F16"),
    F4(Type.FLOAT32, 4, "f4", "F32"),
    F8(Type.FLOAT64, 8, "f8", "F64"),
    /// The upper half of an F4.
    BF2(Type.FLOAT32, 2, "", "BF16"),
    I1(Type.INT32, 1, "i1", "I8"),
    I2(Type.INT32, 2, "i2", "I16"),
    I4(Type.INT32, 4, "i4", "I32"),
    I8(Type.INT64, 8, "i8", "I64"),
    U1(Type.INT32, 1, "u1", "U8"),
    U2(Type.INT32, 2, "u2", "U16"),
    U4(Type.INT64, 4, "u4", "U32"),
    B1(Type.BOOL, 1, "b1", "BOOL");

    private static final int CHUNK = 1 << 16; // bytes; a multiple of every element's size

    private final Type type;
    private final int bytes;
    private final String numpy;
    private final String safetensors;

    Element(Type type, int bytes, String numpy, String safetensors) {
        this.type = type;
        this.bytes = bytes;
        this.numpy = numpy;
        this.safetensors = safetensors;
    }

    /// The one that holds such elements as they are.
    static Element of(Type type) {
        return switch (type) {
            case FLOAT32 -> F4;
            case FLOAT64 -> F8;
            case INT32 -> I4;
            case INT64 -> I8;
            case BOOL -> B1;
        };
    }

    Type type() {
        return type;
    }

    int bytes() {
        return bytes;
    }

    /// NumPy's word for it, such as `f8`; empty when it has none.
    String numpy() {
        return numpy;
    }

    /// The word of safetensors for it, such as `F64`.
    String safetensors() {
        return safetensors;
    }

    /// Fills an array of this one's type from a stream.
    ///
    /// @return `false` when the stream ends before
    boolean read(InputStream in, ByteOrder order, Array array) throws IOException {
        int each = CHUNK / bytes;
        for (int from = 0; from < array.count(); from += each) {
            int count = Math.min(each, array.count() - from);
            byte[] chunk = in.readNBytes(count * bytes);
            if (chunk.length < count * bytes) {
                return false;
            }
            get(ByteBuffer.wrap(chunk).order(order), array, from, count);
        }
        return true;
    }

    /// Writes an array as it is, little endian.
    static void write(OutputStream out, Array array) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        int each = CHUNK / array.type().type().bytes();
        for (int from = 0; from < array.count(); from += each) {
            int count = Math.min(each, array.count() - from);
            put(chunk.clear(), array, from, count);
            out.write(chunk.array(), 0, count * array.type().type().bytes());
        }
    }

    private void get(ByteBuffer from, Array array, int at, int count) {
        switch (this) {
            case F4 -> from.asFloatBuffer().get((float[]) array.storage(), at, count);
            case F8 -> from.asDoubleBuffer().get((double[]) array.storage(), at, count);
            case I4 -> from.asIntBuffer().get((int[]) array.storage(), at, count);
            case I8 -> from.asLongBuffer().get((long[]) array.storage(), at, count);
            default -> {
                for (int i = at; i < at + count; i++) {
                    switch (this) {
                        case F2 -> array.set(i, Float.float16ToFloat(from.getShort()));
                        case BF2 -> array.set(i, Float.intBitsToFloat(from.getShort() << Short.SIZE));
                        case I1 -> array.set(i, from.get());
                        case U1 -> array.set(i, from.get() & 0xFF);
                        case I2 -> array.set(i, from.getShort());
                        case U2 -> array.set(i, from.getChar());
                        case U4 -> array.setLong(i, Integer.toUnsignedLong(from.getInt()));
                        case B1 -> array.set(i, from.get());
                        case F4, F8, I4, I8 -> throw new AssertionError(this);
                    }
                }
            }
        }
    }

    private static void put(ByteBuffer to, Array array, int at, int count) {
        switch (array.storage()) {
            case float[] a -> to.asFloatBuffer().put(a, at, count);
            case double[] a -> to.asDoubleBuffer().put(a, at, count);
            case int[] a -> to.asIntBuffer().put(a, at, count);
            case long[] a -> to.asLongBuffer().put(a, at, count);
            case boolean[] a -> {
                for (int i = at; i < at + count; i++) {
                    to.put((byte) (a[i] ? 1 : 0));
                }
            }
            default -> throw new AssertionError(array.type());
        }
    }
}
