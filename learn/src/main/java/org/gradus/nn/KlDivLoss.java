package org.gradus.nn;

import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.Tensor;

/// The terms y·(log y - x) of the Kullback-Leibler divergence of labels y from outputs x, which are logarithms of
/// probabilities; 0·log 0 is 0.
///
/// As in PyTorch the loss is the mean over all elements, which is not the divergence: that is their sum for each
/// example, [#perExample].
///
/// @param logLabels whether labels are logarithms too
public record KlDivLoss(boolean logLabels) implements PointwiseLoss {
    private static final Formula OF_LOGS =
            Formula.binary("kl-divergence-of-logs", (x, y) -> y.exp().times(y.minus(x)));
    private static final Formula OF_PROBABILITIES = Formula.binary("kl-divergence", KlDivLoss::term);

    /// For labels that are probabilities.
    public static KlDivLoss of() {
        return new KlDivLoss(false);
    }

    /// @param output logarithms of probabilities
    /// @param labels probabilities or their logarithms, of the output's shape and type
    @Override
    public Tensor each(Tensor output, Tensor labels) {
        return Tensor.map(logLabels ? OF_LOGS : OF_PROBABILITIES, output, labels);
    }

    private static Term term(Term x, Term y) {
        Term none = y.same(0);
        Term entropy = none.select(0, y.times(none.select(1, y).log()));
        return entropy.minus(y.times(x));
    }
}
