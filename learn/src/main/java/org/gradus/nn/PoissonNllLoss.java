package org.gradus.nn;

import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// Minus the log-likelihood of counts y under Poisson distributions, element by element: e^x - y·x for the logarithms x
/// of their means, or x - y·log(x + 10⁻⁸) for the means themselves.
///
/// @param logOutput whether outputs are logarithms, PyTorch's default
/// @param full whether Stirling's approximation of log y! is added where y > 1
public record PoissonNllLoss(boolean logOutput, boolean full) implements PointwiseLoss {
    private static final double EPS = 1e-8;

    /// For outputs that are logarithms, without log y!.
    public static PoissonNllLoss of() {
        return new PoissonNllLoss(true, false);
    }

    /// @param labels counts, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Tensor.map(Formula.binary("poisson-nll", this::term), output, labels);
    }

    private Term term(Term x, Term y) {
        Term nll = logOutput
                ? x.exp().minus(y.times(x))
                : x.minus(y.times(x.plus(EPS).log()));
        return full ? nll.plus(stirling(y)) : nll;
    }

    private static Term stirling(Term y) {
        Term many = y.greater(1);
        Term safe = many.select(y, 1);
        Term approximation = safe.times(safe.log())
                .minus(safe)
                .plus(safe.times(2 * Math.PI).log().times(0.5));
        return many.select(approximation, 0);
    }
}
