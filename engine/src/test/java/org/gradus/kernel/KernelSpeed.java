package org.gradus.kernel;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.gradus.base.Type;

/// How fast products, convolutions and pooling run, in GFLOP/s: for people, not for the build. The machine is shared,
/// so it counts processor time and prints the median and the best of several rounds.
final class KernelSpeed {
    private static final int ROUNDS = Integer.getInteger("rounds", 15);
    private static final double SECONDS = 0.02;
    private static final int LANES = Integer.getInteger("lanes", 16);

    private KernelSpeed() {}

    public static void main(String[] arguments) {
        String only = arguments.length > 0 ? arguments[0] : "gemm conv pool";
        if (only.contains("gemm")) {
            for (int n : new int[] {64, 128, 256, 512, 1024}) {
                product(Product.of(n, n, n));
            }
            product(Product.of(64, 500, 800, false, true));
            product(Product.of(64, 10, 500, false, true));
            product(Product.of(64, 512, 784));
            product(Product.of(64, 512, 784, false, true));
            product(Product.of(784, 512, 64, true, false));
            product(Product.of(64, 256, 512, false, true));
            product(Product.of(64, 512, 256));
            product(Product.of(64, 10, 256, false, true));
            product(Product.of(10, 256, 64, true, false));
            product(Product.of(500, 800, 64, true, false));
            product(Product.of(64, 800, 500));
            product(Product.of(64, 784, 512));
            product(Product.of(512, 784, 64, true, false));
            product(Product.of(256, 512, 64, true, false));
            product(Product.of(64, 64, 64, false, true).batched(64, 4096, 4096, 4096));
        }
        if (only.contains("pool")) {
            pooling(64, 20, 24);
            pooling(64, 50, 8);
            pooling(64, 32, 32);
        }
        if (only.contains("conv")) {
            convolution("3x3 64x32x32x32 -> 32", square(64, 32, 32, 32, 3, 1, 1));
            convolution("3x3 64x64x16x16 -> 64", square(64, 64, 16, 64, 3, 1, 1));
            convolution("3x3 64x128x8x8 -> 128", square(64, 128, 8, 128, 3, 1, 1));
            convolution("3x3 128x16x32x32 -> 16", square(128, 16, 32, 16, 3, 1, 1));
            convolution("3x3 128x32x16x16 -> 32", square(128, 32, 16, 32, 3, 1, 1));
            convolution("3x3 128x64x8x8 -> 64", square(128, 64, 8, 64, 3, 1, 1));
            convolution("3x3 64x3x32x32 -> 32", square(64, 3, 32, 32, 3, 1, 1));
            convolution("3x3 128x3x32x32 -> 16", square(128, 3, 32, 16, 3, 1, 1));
            convolution("3x3 /2 128x16x32x32 -> 32", square(128, 16, 32, 32, 3, 2, 1));
            convolution("3x3 /2 128x32x16x16 -> 64", square(128, 32, 16, 64, 3, 2, 1));
            convolution("1x1 /2 128x16x32x32 -> 32", square(128, 16, 32, 32, 1, 2, 0));
            convolution("1x1 /2 128x32x16x16 -> 64", square(128, 32, 16, 64, 1, 2, 0));
            convolution("5x5 64x1x28x28 -> 20", square(64, 1, 28, 20, 5, 1, 0));
            convolution("5x5 64x20x12x12 -> 50", square(64, 20, 12, 50, 5, 1, 0));
        }
    }

    /// A convolution as it is chosen and, where that is another method, tap by tap.
    private static void convolution(String name, Convolution c) {
        if (!c.method(Type.FLOAT32).isEmpty()) {
            convolution(name + " tap by tap", c.precise(true));
        }
        int pixels = c.batch() * c.pixels() * c.in();
        int windows = c.batch() * c.windows() * c.out();
        int weights = c.taps() * (c.in() / c.groups()) * c.out();
        Object x = Contractions.random(Type.FLOAT32, pixels, 1);
        Object w = Contractions.random(Type.FLOAT32, weights, 2);
        Object y = Contractions.random(Type.FLOAT32, windows, 3);
        float[] bias = new float[c.out()];
        convolution(name + " forward", c, c.forward(Type.FLOAT32, LANES, Epilogue.NONE), x, w, y, bias);
        convolution(name + " input", c, c.inputGradient(Type.FLOAT32, LANES), y, w, x, bias);
        convolution(name + " weight", c, c.weightGradient(Type.FLOAT32, LANES), x, y, w, bias);
    }

    private static void convolution(
            String name, Convolution c, Contraction kernel, Object a, Object b, Object result, Object bias) {
        Object work = Contractions.workspace(Type.FLOAT32, kernel.workspace());
        time(name, (double) c.flops(), kernel.bind(new Object[] {a, b, result, bias, work}, new int[5]));
    }

    private static void product(Product p) {
        Contraction gemm = p.kernel(Type.FLOAT32, LANES);
        int batches = p.batches();
        Object[] arrays = {
            Contractions.random(Type.FLOAT32, p.m() * p.k() * batches, 1),
            Contractions.random(Type.FLOAT32, p.k() * p.n() * batches, 2),
            Contractions.random(Type.FLOAT32, p.m() * p.n() * batches, 3),
            new float[p.n()],
            Contractions.workspace(Type.FLOAT32, gemm.workspace())
        };
        String name = p.m() + " x " + p.n() + " x " + p.k() + (p.transposeA() ? " TN" : p.transposeB() ? " NT" : " NN")
                + (batches > 1 ? " x " + batches : "");
        time(name, (double) p.flops(), gemm.bind(arrays, new int[5]));
    }

    private static Axis axis(int size, int kernel, int stride, int padding) {
        return new Axis(size, kernel, stride, padding, padding, 1);
    }

    private static Convolution square(int batch, int in, int size, int out, int kernel, int stride, int padding) {
        return Convolution.of(batch, in, out, axis(size, kernel, stride, padding), axis(size, kernel, stride, padding));
    }

    private static void pooling(int batch, int channels, int size) {
        Axis axis = Axis.of(size, 2).strided(2);
        Pooling p = Pooling.of(batch, channels, axis, axis);
        int narrow = batch * p.windows() * channels;
        Object x = Contractions.random(Type.FLOAT32, batch * p.pixels() * channels, 1);
        Object y = Contractions.random(Type.FLOAT32, narrow, 2);
        Object[] arrays = {x, y, new long[narrow]};
        double taps = 4.0 * narrow;
        String name = "pool 2x2 " + batch + "x" + size + "x" + size + "x" + channels;
        time(name + " max", taps, p.max(Type.FLOAT32, LANES, arrays, 0, 0, 0));
        time(name + " scatter", taps, p.scatter(Type.FLOAT32, LANES, arrays, 0, 0, 0));
        time(name + " sum", taps, p.sum(Type.FLOAT32, LANES, arrays, 0, 0));
        time(name + " spread", taps, p.spread(Type.FLOAT32, LANES, arrays, 0, 0));
    }

    /// The time that this thread was running, which leaves out that in which others had the processor.
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /// Warms a kernel up, then measures it.
    static void time(String name, double flops, Work work) {
        long begin = now();
        int calls = 0;
        while (now() - begin < 1e9 * Double.parseDouble(System.getProperty("warm", "0.7"))) {
            work.run();
            calls++;
        }
        int repeats = Math.max(1, (int) (calls * SECONDS));
        double[] speeds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = now();
            for (int r = 0; r < repeats; r++) {
                work.run();
            }
            speeds[i] = flops * repeats / (now() - start);
        }
        Arrays.sort(speeds);
        System.out.printf(
                Locale.ROOT,
                "%-40s median %6.1f  best %6.1f GFLOP/s  %9.4f ms%n",
                name,
                speeds[ROUNDS / 2],
                speeds[ROUNDS - 1],
                flops / speeds[ROUNDS - 1] / 1e6);
    }
}
