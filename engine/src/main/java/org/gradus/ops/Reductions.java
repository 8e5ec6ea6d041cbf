package org.gradus.ops;

import static org.gradus.graph.Tensor.map;
import static org.gradus.ops.Logic.notEqual;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Index;
import org.gradus.graph.Named;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;

/// Folds over whole axes, all axes when none is given. The axes go away; [#keep] puts them back with size 1.
public final class Reductions {
    private static final Formula ROOT = Formula.unary("root", x -> root(x, Term::sqrt));

    private Reductions() {}

    /// What a reduction of `x` over these axes gave, with the axes put back with size 1: `x.minus(keep(mean(x, 1), x,
    /// 1))`.
    public static Tensor keep(Tensor reduced, Tensor x, int... axes) {
        Shape shape = x.shape();
        for (int axis : shape.axes(axes)) {
            shape = shape.with(axis, 1);
        }
        return reduced.reshape(shape);
    }

    /// The sum.
    public static Tensor sum(Tensor x, int... axes) {
        return x.sum(axes);
    }

    /// The mean; NaN of nothing.
    public static Tensor mean(Tensor x, int... axes) {
        return x.mean(axes);
    }

    /// The product.
    public static Tensor prod(Tensor x, int... axes) {
        return x.reduce(Reduce.Kind.PROD, axes);
    }

    /// The maximum; equal ones share the gradient evenly. NaN wins.
    public static Tensor amax(Tensor x, int... axes) {
        return x.reduce(Reduce.Kind.MAX, axes);
    }

    /// The minimum; equal ones share the gradient evenly. NaN wins.
    public static Tensor amin(Tensor x, int... axes) {
        return x.reduce(Reduce.Kind.MIN, axes);
    }

    /// The maximum along one axis and where it is; of equal ones the first, which alone gets the gradient.
    public static Selection max(Tensor x, int axis) {
        return extreme(x, Reduce.Kind.ARGMAX, axis);
    }

    /// The minimum along one axis and where it is; of equal ones the first, which alone gets the gradient.
    public static Selection min(Tensor x, int axis) {
        return extreme(x, Reduce.Kind.ARGMIN, axis);
    }

    /// The position of the maximum along one axis, `int64`; of equal ones the first.
    public static Tensor argmax(Tensor x, int axis) {
        return x.reduce(Reduce.Kind.ARGMAX, axis);
    }

    /// The position of the minimum along one axis, `int64`; of equal ones the first.
    public static Tensor argmin(Tensor x, int axis) {
        return x.reduce(Reduce.Kind.ARGMIN, axis);
    }

    /// Whether any element is true, or not 0.
    public static Tensor any(Tensor x, int... axes) {
        return Logic.greater(countNonzero(x, axes), 0);
    }

    /// Whether all elements are true, or not 0.
    public static Tensor all(Tensor x, int... axes) {
        return Logic.equal(Logic.not(truth(x)).to(Type.INT64).sum(axes), 0);
    }

    /// How many elements are true, or not 0: `int64`.
    public static Tensor countNonzero(Tensor x, int... axes) {
        return truth(x).to(Type.INT64).sum(axes);
    }

    /// The mean squared distance from the mean.
    ///
    /// @param correction what is taken off the count: 1 for the unbiased estimate (PyTorch's default), 0 for the
    ///     variance of just these numbers
    public static Tensor var(Tensor x, int correction, int... axes) {
        double count = Math.max(0, count(x, axes) - correction);
        return x.minus(keep(mean(x, axes), x, axes)).squared().sum(axes).div(count);
    }

    /// The square root of the [variance][#var]. Where it is 0, so is its derivative.
    public static Tensor std(Tensor x, int correction, int... axes) {
        return map(ROOT, var(x, correction, axes));
    }

    /// log(sum(e^x)), without overflow.
    public static Tensor logSumExp(Tensor x, int... axes) {
        List<Integer> chosen = x.shape().axes(axes);
        return chosen.isEmpty()
                ? x
                : x.tracer()
                        .applyOne(new Named(new LogSumExp(chosen)), x)
                        .reshape(x.shape().without(chosen));
    }

    /// The p-norm: `sum(|x|^p)^(1/p)`; the largest or smallest absolute value for an infinite p, the count of elements
    /// that are not 0 for p = 0. The derivative of the norm of a vector of zeros is 0.
    ///
    /// @throws GradusException for a negative finite p
    public static Tensor norm(Tensor x, double p, int... axes) {
        if (p == 2) {
            return map(ROOT, x.squared().sum(axes));
        } else if (p == 1) {
            return Elementwise.abs(x).sum(axes);
        } else if (p == Double.POSITIVE_INFINITY) {
            return amax(Elementwise.abs(x), axes);
        } else if (p == Double.NEGATIVE_INFINITY) {
            return amin(Elementwise.abs(x), axes);
        } else if (p == 0) {
            return truth(x).to(x.type().type()).sum(axes);
        } else if (!(p > 0)) {
            throw new GradusException(
                    "norm-order",
                    "norm: there are norms for p >= 0 and p = -infinity, but p is " + p
                            + ". The Euclidean norm has p = 2.");
        }
        Formula power = Formula.unary("norm-power", t -> power(t.abs(), p));
        return map(
                Formula.unary("norm-root", t -> power(t, 1 / p)), map(power, x).sum(axes));
    }

    /// The number of elements that are folded into one.
    static int count(Tensor x, int... axes) {
        return x.shape().axes(axes).stream().map(x.shape()::size).reduce(1, (a, b) -> a * b);
    }

    /// A root or power of what is not negative, with derivative 0 at 0 in every order.
    private static Term root(Term x, UnaryOperator<Term> root) {
        Term zero = x.same(0);
        return zero.select(0, root.apply(zero.select(1, x)));
    }

    private static Term power(Term x, double p) {
        return root(x, t -> t.with(Code.POW, t.literal(p)));
    }

    private static Tensor truth(Tensor x) {
        return x.type().type() == Type.BOOL ? x : notEqual(x, 0);
    }

    private static Selection extreme(Tensor x, Reduce.Kind kind, int axis) {
        int at = x.shape().axis(axis);
        Tensor places = x.tracer().applyOne(new Reduce(kind, List.of(at)), x);
        Tensor values = x.tracer().applyOne(new Index.Gather(at), x, places);
        return new Selection(Views.squeeze(values, at), Views.squeeze(places, at));
    }
}
