package org.gradus.kernel;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Term;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;

/// Prints how long elementwise kernels take: a program to run by hand, no test.
final class MapSpeed {
    private MapSpeed() {}

    /// @param arguments the number of floats, 4 Mi if absent
    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1 << 22;
        System.out.println(Lanes.describe() + ", " + count + " floats");
        Input flat = new Input(Type.FLOAT32, Access.FLAT);
        Input scalar = new Input(Type.FLOAT32, Access.SCALAR);
        time("copy", Body.of(1, x -> List.of(x.get(0).abs())), List.of(flat), count);
        time("exp", Body.of(1, x -> List.of(x.get(0).exp())), List.of(flat), count);
        time("log1p", Body.of(1, x -> List.of(x.get(0).abs().log1p())), List.of(flat), count);
        time("tanh", Body.of(1, x -> List.of(x.get(0).tanh())), List.of(flat), count);
        time("sigmoid", Body.of(1, x -> List.of(x.get(0).sigmoid())), List.of(flat), count);
        time("erf", Body.of(1, x -> List.of(x.get(0).with(org.gradus.expr.Code.ERF))), List.of(flat), count);
        time("sin", Body.of(1, x -> List.of(x.get(0).with(org.gradus.expr.Code.SIN))), List.of(flat), count);
        time("chain", Body.of(3, x -> List.of(chain(x))), List.of(flat, scalar, scalar), count);
        time(
                "pow",
                Body.of(1, x -> List.of(x.get(0).abs().with(org.gradus.expr.Code.POW, x.get(0)))),
                List.of(flat),
                count >> 4);
    }

    private static Term chain(List<Term> x) {
        Term inside = x.get(0).times(x.get(1)).plus(x.get(2));
        return inside.tanh().times(x.get(0).sigmoid()).plus(x.get(0).max(0));
    }

    private static void time(String name, Body body, List<Input> inputs, int count) {
        long begin = System.nanoTime();
        Kernel kernel = new MapKernel(body, Type.FLOAT32, inputs, 0).kernel();
        long made = System.nanoTime() - begin;
        Object[] arrays = new Object[inputs.size() + 1];
        Random random = new Random(1);
        for (int i = 0; i < arrays.length; i++) {
            float[] array = new float[count];
            for (int k = 0; k < count; k++) {
                array[k] = (float) random.nextGaussian();
            }
            arrays[i] = array;
        }
        int[] numbers = new int[arrays.length];
        for (int i = 0; i < 400; i++) {
            kernel.run(arrays, numbers, 0, Math.min(count, 2000));
        }
        double best = Double.MAX_VALUE;
        double small = Double.MAX_VALUE;
        for (int i = 0; i < 12; i++) {
            long start = System.nanoTime();
            kernel.run(arrays, numbers, 0, count);
            best = Math.min(best, (System.nanoTime() - start) / (double) count);
            start = System.nanoTime();
            for (int k = 0; k < 20; k++) {
                kernel.run(arrays, numbers, 0, Math.min(count, 4096));
            }
            small = Math.min(small, (System.nanoTime() - start) / 20.0 / Math.min(count, 4096));
        }
        System.out.printf(
                "%-10s %7.3f ns an element, %7.3f in cache; made in %.2f ms%n", name, best, small, made / 1e6);
    }
}
