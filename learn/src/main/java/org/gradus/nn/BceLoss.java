package org.gradus.nn;

import java.util.List;
import org.gradus.expr.Body;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Binary cross-entropy of probabilities, element by element: -(y·log p + (1 - y)·log(1 - p)). Prefer
/// [BceWithLogitsLoss], which loses no digits.
///
/// As in PyTorch, logarithms are at least -100, and the derivative by p is (p - y) / max(p·(1 - p), 10⁻¹²).
public record BceLoss() implements PointwiseLoss {
    private static final double LEAST = 1e-12f; // PyTorch's constant is a float
    private static final Formula BCE = new Formula(
            "binary-cross-entropy",
            Body.of(2, x -> List.of(value(x.get(0), x.get(1)))),
            Body.of(3, x -> List.of(slope(x.get(0), x.get(1)), no(x.get(0)).minus(yes(x.get(0))))));

    /// @param output probabilities, from 0 to 1
    /// @param labels probabilities, mostly 0 or 1, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Tensor.map(BCE, output, labels);
    }

    private static Term value(Term p, Term y) {
        return y.minus(1).times(no(p)).minus(y.times(yes(p)));
    }

    private static Term slope(Term p, Term y) {
        return p.minus(y).div(p.times(p.literal(1).minus(p)).max(LEAST));
    }

    private static Term yes(Term p) {
        return p.log().max(-100);
    }

    private static Term no(Term p) {
        return p.negated().log1p().max(-100);
    }
}
