package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;

/// One function of tensors to check derivatives of, and how to draw a point where it is smooth.
///
/// @param smooth whether second derivatives are checked too
/// @param f from float64 tensors to one float64 tensor
record OpCase(
        String name, boolean smooth, List<Shape> shapes, DoubleUnaryOperator domain, Function<List<Tensor>, Tensor> f) {
    /// A smooth function of one tensor `[3, 4]` with elements in (low, high).
    static OpCase unary(String name, double low, double high, UnaryOperator<Tensor> f) {
        return new OpCase(name, true, List.of(Shape.of(3, 4)), u -> low + (high - low) * u, x -> f.apply(x.get(0)));
    }

    /// A function with kinks, drawn away from them: the elements are a shuffled grid without ties, a good step apart.
    static OpCase kinked(String name, UnaryOperator<Tensor> f) {
        return new OpCase(name, false, List.of(Shape.of(3, 4)), u -> u, x -> f.apply(x.get(0)));
    }

    /// A smooth function of several tensors with elements in (-1.5, 1.5).
    static OpCase of(String name, List<Shape> shapes, Function<List<Tensor>, Tensor> f) {
        return new OpCase(name, true, shapes, u -> 3 * u - 1.5, f);
    }

    /// This with other elements.
    OpCase within(double low, double high) {
        return new OpCase(name, smooth, shapes, u -> low + (high - low) * u, f);
    }

    /// This with a grid without ties, and without second derivatives.
    OpCase apart() {
        return new OpCase(name, false, shapes, u -> u, f);
    }

    List<Tensor> point(long seed) {
        List<Tensor> point = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Philox random = Philox.of(seed, Philox.stream(name, i), 0);
            Array values = Array.zeros(new org.gradus.base.TensorType(Type.FLOAT64, shapes.get(i)));
            int count = values.count();
            for (int k = 0; k < count; k++) {
                double u = smooth
                        ? random.uniform(Type.FLOAT64, k)
                        : gridded(random, k, count); // in (-2, 2), never near a multiple of a half
                values.set(k, domain.applyAsDouble(u));
            }
            point.add(Eager.tensor(values));
        }
        return point;
    }

    /// The k-th of `count` shuffled points of a grid on (-2, 2) that avoids multiples of a half.
    private static double gridded(Philox random, int k, int count) {
        int rank = 0;
        double mine = random.uniform(Type.FLOAT64, k);
        for (int other = 0; other < count; other++) {
            rank += random.uniform(Type.FLOAT64, other) < mine ? 1 : 0;
        }
        double even = -2 + 4 * (rank + 0.5) / count;
        double gap = even - Math.rint(even * 2) / 2;
        return Math.abs(gap) < 0.03 ? even + (gap < 0 ? -0.03 : 0.03) : even;
    }

    @Override
    public String toString() {
        return name;
    }
}
