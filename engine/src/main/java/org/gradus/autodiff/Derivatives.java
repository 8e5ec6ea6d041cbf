package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.graph.View;
import org.jspecify.annotations.Nullable;

/// Derivatives of functions of tensors, with or without a network. Called with numbers, each records the function for
/// this one call and returns numbers; called while a graph is traced, it adds the derivative to that graph. All of them
/// compose: the gradient of a function that takes a gradient is an ordinary gradient.
///
/// ```java
/// Tensor slope = Derivatives.grad(x -> x.tanh().sum()).apply(tensor(0.5, 1.0));
/// ```
public final class Derivatives {
    /// The tracer of the derivative that is being taken on this thread, for functions that capture its variable.
    private static final ThreadLocal<@Nullable Tracer> AROUND = new ThreadLocal<>();

    private Derivatives() {}

    /// A function's value and its gradients, one for each argument.
    public record ValueAndGradients(Tensor value, List<Tensor> gradients) {}

    /// The gradient of a function with one number as its result, as a function.
    ///
    /// @throws org.gradus.base.GradusException from the returned function, when the result has more than one element or is no float
    public static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
        return x -> valueAndGrad(f, x).gradients().get(0);
    }

    /// The value and the gradient of a function with one number as its result.
    public static ValueAndGradients valueAndGrad(UnaryOperator<Tensor> f, Tensor at) {
        return valueAndGrad(xs -> f.apply(xs.get(0)), List.of(at));
    }

    /// The value and the gradients of a function of several tensors with one number as its result.
    public static ValueAndGradients valueAndGrad(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
        List<Tensor> results = recorded(at, xs -> {
            Tensor y = f.apply(xs);
            List<Tensor> all = new ArrayList<>(List.of(y));
            all.addAll(Reverse.gradients(y, xs));
            return all;
        });
        return new ValueAndGradients(results.get(0), results.subList(1, results.size()));
    }

    /// The transposed Jacobian times `cotangent` (reverse mode): how the product of cotangent and result changes with
    /// each argument.
    ///
    /// @param cotangent of the result's type and shape
    public static Tensor vjp(UnaryOperator<Tensor> f, Tensor at, Tensor cotangent) {
        return recorded(
                        List.of(at, cotangent),
                        xs -> Reverse.pullback(List.of(f.apply(xs.get(0))), xs.subList(1, 2), xs.subList(0, 1)))
                .get(0);
    }

    /// The Jacobian times `tangent` (forward mode): how the result changes when the argument moves by the tangent.
    ///
    /// @param tangent of the argument's type and shape
    public static Tensor jvp(UnaryOperator<Tensor> f, Tensor at, Tensor tangent) {
        return recorded(
                        List.of(at, tangent),
                        xs -> Forward.pushforward(List.of(f.apply(xs.get(0))), xs.subList(0, 1), xs.subList(1, 2)))
                .get(0);
    }

    /// All partial derivatives: `[result's axes…, argument's axes…]`. Taken in forward mode when the result has at
    /// least as many elements as the argument, else in reverse mode.
    public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor at) {
        return recorded(List.of(at), xs -> List.of(jacobian(f.apply(xs.get(0)), xs.get(0))))
                .get(0);
    }

    /// All second partial derivatives of a function with one number as its result: `[argument's axes…, argument's
    /// axes…]`, forward mode over reverse mode.
    public static Tensor hessian(UnaryOperator<Tensor> f, Tensor at) {
        return recorded(List.of(at), xs -> {
                    Tensor gradient = Reverse.gradients(f.apply(xs.get(0)), xs).get(0);
                    return List.of(jacobian(gradient, xs.get(0)));
                })
                .get(0);
    }

    /// The Hessian of a function with one number as its result, times `direction`, at the cost of a few gradients:
    /// forward mode over reverse mode.
    ///
    /// @param direction of the argument's type and shape
    public static Tensor hessianVector(UnaryOperator<Tensor> f, Tensor at, Tensor direction) {
        return recorded(List.of(at, direction), xs -> {
                    List<Tensor> x = xs.subList(0, 1);
                    List<Tensor> gradient = Reverse.gradients(f.apply(xs.get(0)), x);
                    return Forward.pushforward(gradient, x, xs.subList(1, 2));
                })
                .get(0);
    }

    /// Holds the derivatives of a function, in both modes, against central differences at a point.
    ///
    /// @param at `float64`
    /// @throws org.gradus.base.GradusException when `at` is not `float64`
    public static GradientCheck checkGradients(UnaryOperator<Tensor> f, Tensor at) {
        return GradientCheck.of(f, at);
    }

    private static Tensor jacobian(Tensor y, Tensor x) {
        Rules.floats("The jacobian's function", List.of(y));
        int rows = y.shape().count();
        int columns = x.shape().count();
        boolean forward = rows >= columns;
        List<Tensor> lines = new ArrayList<>();
        for (int i = 0; i < (forward ? columns : rows); i++) {
            Tensor along = forward ? x : y;
            Array unit = Array.zeros(along.type());
            unit.set(i, 1);
            List<Tensor> seed = List.of(x.tracer().constant(unit));
            lines.add(
                    forward
                            ? Forward.pushforward(List.of(y), List.of(x), seed)
                                    .get(0)
                                    .reshape(rows, 1)
                            : Reverse.pullback(List.of(y), seed, List.of(x))
                                    .get(0)
                                    .reshape(1, columns));
        }
        Shape shape = y.shape().joined(x.shape());
        return lines.isEmpty()
                ? x.tracer().constant(Array.zeros(x.type().with(shape)))
                : Tracer.of(lines)
                        .apply(new View.Concat(forward ? 1 : 0), lines)
                        .get(0)
                        .reshape(shape);
    }

    /// What `work` makes of `at`, recorded: under the tracer that records already, be it that of `at` or of a derivative
    /// around this one on the thread, or under one for this call alone.
    static List<Tensor> recorded(List<Tensor> at, Function<List<Tensor>, List<Tensor>> work) {
        Tracer outer = Tracer.of(at);
        Tracer around = AROUND.get();
        boolean joins = outer.isRecording() || (around != null && around.isRecording());
        Tracer inner = outer.isRecording() || !joins ? outer.recorder() : Objects.requireNonNull(around);
        AROUND.set(inner);
        try {
            List<Tensor> made =
                    work.apply(at.stream().map(x -> Rules.alias(inner, x)).toList());
            return joins
                    ? made
                    : made.stream().map(Tensor::array).map(outer::constant).toList();
        } finally {
            if (around == null) {
                AROUND.remove();
            } else {
                AROUND.set(around);
            }
            if (!joins) {
                inner.close();
            }
        }
    }
}
