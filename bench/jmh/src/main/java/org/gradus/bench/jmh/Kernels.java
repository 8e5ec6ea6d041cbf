package org.gradus.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.gradus.base.Type;
import org.gradus.bench.side.Numbers;
import org.gradus.kernel.Axis;
import org.gradus.kernel.Contraction;
import org.gradus.kernel.Convolution;
import org.gradus.kernel.Epilogue;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.Product;
import org.gradus.kernel.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Matrix products and convolutions.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Kernels {
    private static Work bound(Contraction kernel, int a, int b, int c, int bias) {
        Object[] arrays = {
            Numbers.uniform(1, a),
            Numbers.uniform(2, b),
            Numbers.uniform(3, c),
            new float[bias],
            new float[kernel.workspace()]
        };
        return kernel.bind(arrays, new int[arrays.length]);
    }

    /// A product `m x n x k`, and which operands are stored transposed.
    @State(Scope.Benchmark)
    public static class Products {
        @Param({
            "64x64x64-nn",
            "128x128x128-nn",
            "256x256x256-nn",
            "512x512x512-nn",
            "1024x1024x1024-nn",
            "2048x2048x2048-nn",
            "64x512x784-nt",
            "64x500x800-nt",
            "64x10x500-nt",
            "64x800x500-nn",
            "512x784x64-tn"
        })
        public String product = "";

        private Work work = bound(Product.of(1, 1, 1).kernel(Type.FLOAT32, 1), 1, 1, 1, 1);

        @Setup
        public void bind() {
            String[] sizes = product.split("[x-]", -1);
            int m = Integer.parseInt(sizes[0]);
            int n = Integer.parseInt(sizes[1]);
            int k = Integer.parseInt(sizes[2]);
            Product p = Product.of(m, n, k, sizes[3].charAt(0) == 't', sizes[3].charAt(1) == 't');
            work = bound(p.kernel(Type.FLOAT32, Lanes.of(Type.FLOAT32)), m * k, k * n, m * n, n);
        }
    }

    /// A convolution `batch, in, size, out, kernel, stride, padding`, and what of it is computed.
    @State(Scope.Benchmark)
    public static class Convolutions {
        @Param({
            "64,32,32,32,3,1,1",
            "64,64,16,64,3,1,1",
            "64,128,8,128,3,1,1",
            "128,16,32,16,3,1,1",
            "128,16,32,32,3,2,1",
            "64,1,28,20,5,1,0",
            "64,20,12,50,5,1,0"
        })
        public String convolution = "";

        @Param({"forward", "input", "weight"})
        public String what = "";

        private Work work = bound(Product.of(1, 1, 1).kernel(Type.FLOAT32, 1), 1, 1, 1, 1);

        @Setup
        public void bind() {
            String[] sizes = convolution.split(",", -1);
            int[] s = new int[sizes.length];
            for (int i = 0; i < s.length; i++) {
                s[i] = Integer.parseInt(sizes[i]);
            }
            Axis axis = new Axis(s[2], s[4], s[5], s[6], s[6], 1);
            Convolution c = Convolution.of(s[0], s[1], s[3], axis, axis);
            int windows = (s[2] + 2 * s[6] - s[4]) / s[5] + 1;
            int x = s[0] * s[1] * s[2] * s[2];
            int w = s[1] * s[3] * s[4] * s[4];
            int y = s[0] * s[3] * windows * windows;
            int lanes = Lanes.of(Type.FLOAT32);
            work = switch (what) {
                case "forward" -> bound(c.forward(Type.FLOAT32, lanes, Epilogue.NONE), x, w, y, s[3]);
                case "input" -> bound(c.inputGradient(Type.FLOAT32, lanes), y, w, x, s[3]);
                default -> bound(c.weightGradient(Type.FLOAT32, lanes), x, y, w, s[3]);
            };
        }
    }

    @Benchmark
    public void product(Products state) {
        state.work.run();
    }

    @Benchmark
    public void convolution(Convolutions state) {
        state.work.run();
    }
}
