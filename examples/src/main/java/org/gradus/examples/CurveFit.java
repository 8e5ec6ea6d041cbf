package org.gradus.examples;

import static org.gradus.autodiff.Derivatives.jacobian;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Linalg.solve;
import static org.gradus.ops.Views.select;

import java.util.function.UnaryOperator;
import org.gradus.graph.Tensor;

/// Fits y = a e^(-b x) + c to seven points with nothing but derivatives: Gauss and Newton's method, whose step solves
/// (JᵀJ) s = Jᵀr for the Jacobian J of the residuals r.
public final class CurveFit {
    private CurveFit() {}

    /// Prints each step and the fitted parameters.
    public static void main(String[] args) {
        Tensor x = tensor(0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0);
        Tensor y = tensor(3.01, 2.02, 1.44, 1.03, 0.84, 0.69, 0.64);
        UnaryOperator<Tensor> residuals = p -> select(p, 0, 0)
                .times(x.times(select(p, 0, 1)).negated().exp())
                .plus(select(p, 0, 2))
                .minus(y);

        Tensor p = tensor(1.0, 1.0, 0.0); // a, b, c
        for (int step = 1; step <= 4; step++) {
            Tensor j = jacobian(residuals, p); // [7 points, 3 parameters]
            Tensor r = residuals.apply(p).reshape(7, 1);
            Tensor change = solve(j.transposed().matmul(j), j.transposed().matmul(r));
            p = p.minus(change.reshape(3));
            Tensor error = residuals.apply(p).squared().sum();
            System.out.printf(
                    "step %d: p = %s, error %s%n",
                    step, p.array().head(3), error.array().head(1));
        }
    }
}
