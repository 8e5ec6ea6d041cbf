package org.gradus.ops;

import static org.gradus.ops.Logic.equal;

import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;

/// Tensors whose numbers are known from a rule: all the same, counted, the identity matrix. A tracer says where they
/// are made; the `…Like` functions take it, type and shape from a tensor.
public final class Constants {
    private Constants() {}

    /// One number everywhere.
    public static Tensor full(Tracer tracer, TensorType type, double value) {
        return tracer.constant(Array.full(type.with(Shape.SCALAR), value)).broadcastTo(type.shape());
    }

    /// Zeros, or `false`.
    public static Tensor zeros(Tracer tracer, TensorType type) {
        return full(tracer, type, 0);
    }

    /// Ones, or `true`.
    public static Tensor ones(Tracer tracer, TensorType type) {
        return full(tracer, type, 1);
    }

    /// One number everywhere, in the type and shape of `x`.
    public static Tensor fullLike(Tensor x, double value) {
        return full(x.tracer(), x.type(), value);
    }

    /// Zeros in the type and shape of `x`.
    public static Tensor zerosLike(Tensor x) {
        return fullLike(x, 0);
    }

    /// Ones in the type and shape of `x`.
    public static Tensor onesLike(Tensor x) {
        return fullLike(x, 1);
    }

    /// The position along one axis, everywhere: 0, 1, 2 …
    public static Tensor iota(Tracer tracer, TensorType type, int axis) {
        return tracer.applyOne(new Source.Iota(type, type.shape().axis(axis)));
    }

    /// `from`, `from + step`, … up to, not including, `to`: `[ceil((to - from) / step)]`.
    ///
    /// @throws GradusException when the step is 0 or leads away from `to`
    public static Tensor arange(Tracer tracer, Type type, double from, double to, double step) {
        double count = Math.ceil((to - from) / step);
        if (step == 0 || !(count >= 0)) {
            throw new GradusException(
                    "arange-step",
                    "arange: steps of " + step + " do not lead from " + from + " to " + to
                            + ". Give a step above 0 to go up, and below 0 to go down.");
        }
        Tensor numbers = iota(tracer, TensorType.of(type, (int) count), 0);
        return numbers.times(step).plus(from);
    }

    /// 0, 1 … `count - 1`: `[count]`.
    public static Tensor arange(Tracer tracer, Type type, int count) {
        return iota(tracer, TensorType.of(type, count), 0);
    }

    /// `count` numbers from `from` to `to`, both included, at equal distances: `[count]`.
    public static Tensor linspace(Tracer tracer, Type type, double from, double to, int count) {
        Tensor weight = arange(tracer, type, count).div(Math.max(1, count - 1));
        return Elementwise.lerp(full(tracer, weight.type(), from), full(tracer, weight.type(), to), weight);
    }

    /// The identity matrix `[n, n]`.
    public static Tensor eye(Tracer tracer, Type type, int n) {
        TensorType positions = TensorType.of(Type.INT32, n, n);
        return equal(iota(tracer, positions, 0), iota(tracer, positions, 1)).to(type);
    }
}
