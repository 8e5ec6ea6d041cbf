package org.gradus.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Type;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.MultiplyAdd;
import org.gradus.kernel.Pool;

/// What this machine can do at most with some threads, in float32: a bound for every kernel (Williams, Waterman and
/// Patterson, *Roofline: an insightful visual performance model for multicore architectures*, CACM 52, 2009).
///
/// @param threads how many there were
/// @param flops floating-point operations a second, of a loop that multiplies and adds in registers
/// @param bytes a second, of a loop that reads two numbers from memory and writes a third
public record Machine(int threads, double flops, double bytes) {
    private static final int ROUNDS = 1 << 18;
    private static final int NUMBERS = 16 << 20; // in each of three arrays: no cache holds them
    private static final int RUNS = 24;

    /// Measures it, which takes about a second. Nothing else should run meanwhile.
    public static Machine measure(int threads) {
        try (Pool pool = new Pool(threads)) {
            return new Machine(threads, flops(pool), bytes(pool));
        }
    }

    /// Measures the first of the two alone, which takes some 20 ms.
    public static double flops(int threads) {
        try (Pool pool = new Pool(threads)) {
            return flops(pool);
        }
    }

    private static double flops(Pool pool) {
        int lanes = Lanes.of(Type.FLOAT32);
        MultiplyAdd loop = MultiplyAdd.of(lanes);
        float[][] sums = new float[pool.threads()][MultiplyAdd.SUMS * lanes];
        double seconds = best(pool, part -> loop.run(sums[part], ROUNDS));
        return 2.0 * MultiplyAdd.SUMS * lanes * ROUNDS * pool.threads() / seconds;
    }

    private static double bytes(Pool pool) {
        int each = NUMBERS / pool.threads();
        List<float[][]> arrays = new ArrayList<>();
        for (int i = 0; i < pool.threads(); i++) {
            arrays.add(new float[3][each]);
        }
        double seconds = best(pool, part -> stream(arrays.get(part)[0], arrays.get(part)[1], arrays.get(part)[2]));
        return 3.0 * Float.BYTES * each * pool.threads() / seconds;
    }

    private static void stream(float[] a, float[] b, float[] c) {
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + 3 * c[i];
        }
    }

    /// The seconds of the best run but a few, when it is compiled.
    private static double best(Pool pool, Pool.Task task) {
        double[] seconds = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            pool.run(pool.threads(), task);
            seconds[run] = (System.nanoTime() - start) * 1e-9;
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 8];
    }
}
