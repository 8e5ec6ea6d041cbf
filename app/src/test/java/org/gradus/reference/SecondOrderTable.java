package org.gradus.reference;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Functions;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;
import org.gradus.run.Session;

/// Cases of kind `second_order`: value, gradient, Hessian and Hessian times `v` of functions of a vector `x` with one
/// number as their result.
final class SecondOrderTable {
    static final Map<String, Check> TABLE = Map.of(
            "rosenbrock4", check(SecondOrderTable::rosenbrock),
            "logistic", check(SecondOrderTable::logistic),
            "softmax_ce", check(x -> Reductions.logSumExp(x).minus(Views.select(x, 0, 2))),
            "tanh_sin",
                    check(x -> x.tanh()
                            .times(Functions.sin(Views.flip(x, 0)))
                            .sum()
                            .times(Reductions.prod(x))));

    private SecondOrderTable() {}

    private static Check check(UnaryOperator<Tensor> function) {
        return given -> {
            Array x = given.array("x");
            Array v = given.array("v");
            List<Tensor> eager = all(function, Eager.tensor(x), Eager.tensor(v));
            compare("eager", given, eager.stream().map(Tensor::array).toList());
            compare(
                    "compiled",
                    given,
                    new Session(0, Type.FLOAT64)
                            .step(given.id(), Scope.Mode.EVAL, (_, in) -> all(function, in.get(0), in.get(1)))
                            .run(x, v));
            Singles.check(given.id(), in -> all(function, in.get(0), in.get(1)), List.of(x, v), null);
        };
    }

    /// The Hessian is symmetric, so the gradient's transposed Jacobian times `v` is the same by reverse mode twice.
    private static List<Tensor> all(UnaryOperator<Tensor> function, Tensor x, Tensor v) {
        return List.of(
                function.apply(x),
                Derivatives.grad(function).apply(x),
                Derivatives.hessian(function, x),
                Derivatives.hessianVector(function, x, v),
                Derivatives.vjp(Derivatives.grad(function), x, v));
    }

    private static void compare(String how, Case given, List<Array> computed) {
        List<String> roles = List.of("y", "grad", "hessian", "hvp", "hvp");
        for (int i = 0; i < roles.size(); i++) {
            Comparison.equal(how + " " + roles.get(i), given.array(roles.get(i)), computed.get(i));
        }
    }

    /// The sum of 100 (x[i+1] - x[i]²)² + (1 - x[i])².
    private static Tensor rosenbrock(Tensor x) {
        Tensor left = Views.slice(x, 0, 0, -1);
        Tensor right = Views.slice(x, 0, 1, x.shape().size(0));
        return right.minus(left.squared())
                .squared()
                .times(100)
                .plus(left.minus(1).squared())
                .sum();
    }

    /// log(1 + exp(-x · (1, 2, 3, 4))) + |x|² / 2.
    private static Tensor logistic(Tensor x) {
        Tensor margin = x.times(Eager.tensor(1.0, 2, 3, 4).to(x.type().type())).sum();
        return margin.negated().exp().plus(1).log().plus(x.squared().sum().div(2));
    }
}
