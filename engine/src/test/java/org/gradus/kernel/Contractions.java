package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.gradus.base.Type;

/// What the tests of products, convolutions and pooling share: arrays with margins, the forms that must agree, and
/// parts run by several threads.
final class Contractions {
    /// Elements before and after every array under test; they must stay as they were.
    static final int MARGIN = 3;

    private static final double UNTOUCHED = 77;

    private Contractions() {}

    /// The numbers of lanes that a type has.
    static int[] lanes(Type type) {
        return type == Type.FLOAT32 ? new int[] {1, 4, 8, 16} : new int[] {1, 2, 4, 8};
    }

    /// Random numbers in [-1, 1) inside of margins.
    static Object random(Type type, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Object array = untouched(type, count);
        for (int i = 0; i < count; i++) {
            set(array, MARGIN + i, random.nextDouble(-1, 1));
        }
        return array;
    }

    /// An array that nothing was written to, with margins.
    static Object untouched(Type type, int count) {
        int length = count + 2 * MARGIN;
        Object array = type == Type.FLOAT32 ? new float[length] : new double[length];
        for (int i = 0; i < length; i++) {
            set(array, i, UNTOUCHED);
        }
        return array;
    }

    /// A workspace full of NaN: whatever is read before it is written shows.
    static Object workspace(Type type, int count) {
        Object array = type == Type.FLOAT32 ? new float[count] : new double[count];
        for (int i = 0; i < count; i++) {
            set(array, i, Double.NaN);
        }
        return array;
    }

    static double get(Object array, int index) {
        return ((Number) Array.get(array, MARGIN + index)).doubleValue();
    }

    private static void set(Object array, int index, double value) {
        if (array instanceof float[] floats) {
            floats[index] = (float) value;
        } else {
            ((double[]) array)[index] = value;
        }
    }

    static Object copy(Object array) {
        return array instanceof float[] floats ? floats.clone() : ((double[]) array).clone();
    }

    /// Every bit of an array.
    static long[] bits(Object array) {
        return array instanceof float[] floats
                ? IntStream.range(0, floats.length)
                        .mapToLong(i -> Float.floatToRawIntBits(floats[i]))
                        .toArray()
                : Arrays.stream((double[]) array)
                        .mapToLong(Double::doubleToRawLongBits)
                        .toArray();
    }

    /// Runs the parts of each phase on that many threads, in an order that differs from theirs.
    static void run(Work work, int threads) {
        for (int phase = 0; phase < work.phases(); phase++) {
            int now = phase;
            int parts = work.parts(phase);
            Thread[] running = new Thread[threads - 1];
            for (int i = 0; i < running.length; i++) {
                int mine = i + 1;
                running[i] = Thread.ofPlatform().start(() -> stride(work, now, parts, mine, threads));
            }
            stride(work, now, parts, 0, threads);
            for (Thread thread : running) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /// Runs a kernel that keeps what depends on its second operand in an array of its own: whole, and then, over another result
    /// and in a workspace that has been used for something else, without the phases that need not run again.
    ///
    /// @param before what the result holds
    static void assertKept(
            Contraction kernel, Type type, Object a, Object b, Object before, Object bias, Object expected) {
        Object room = workspace(type, kernel.workspace() - kernel.kept() + MARGIN);
        Object kept = workspace(type, kernel.kept() + MARGIN);
        Object result = copy(before);
        Work work = kernel.bind(
                new Object[] {a, b, result, bias, room, kept},
                new int[] {MARGIN, MARGIN, MARGIN, MARGIN, MARGIN, MARGIN});
        run(work, 2);
        assertThat(bits(result)).isEqualTo(bits(expected));
        int length = Array.getLength(room);
        System.arraycopy(workspace(type, length), 0, room, 0, length);
        System.arraycopy(before, 0, result, 0, Array.getLength(result));
        for (int phase = kernel.standing(); phase < work.phases(); phase++) {
            stride(work, phase, work.parts(phase), 0, 1);
        }
        assertThat(bits(result)).isEqualTo(bits(expected));
    }

    private static void stride(Work work, int phase, int parts, int first, int by) {
        for (int part = parts - 1 - first; part >= 0; part -= by) {
            work.run(phase, part);
        }
    }

    /// The most that a chain of `count` fused multiply-adds may be off, in units of the sum of the magnitudes:
    /// each rounding is at most half a unit in the last place of a partial sum.
    static double bound(Type type, int count) {
        double half = type == Type.FLOAT32 ? 0x1p-24 : 0x1p-53;
        return (count + 2) * half / (1 - (count + 2) * half);
    }

    /// Checks that the margins of an array were left alone.
    static void assertMargins(Object array) {
        int length = Array.getLength(array);
        for (int i = 0; i < MARGIN; i++) {
            assertThat(Array.getDouble(array, i)).isEqualTo(UNTOUCHED);
            assertThat(Array.getDouble(array, length - 1 - i)).isEqualTo(UNTOUCHED);
        }
    }
}
