package org.gradus.nn;

import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;

/// Connectionist temporal classification: minus the log-probability of a sequence of labels that is shorter than the
/// outputs, summed over all ways to stretch it with repetitions and blanks. A. Graves et al., *Connectionist Temporal
/// Classification*, 2006.
///
/// The labels are laid out with a blank before, between and behind them. α[t, s] is the log-probability of having read
/// the first s of that row after t outputs. It comes from s, from s - 1, and from s - 2 where no blank is needed in
/// between. Impossible ways have α = -∞, which [Functions#logAddExp] and its derivative understand. The graph has a few
/// nodes for each output.
public final class Ctc {
    private Ctc() {}

    /// The losses, `[batch]`; infinite where the labels do not fit into the outputs. PyTorch's mean is that of each
    /// loss divided by its number of labels.
    ///
    /// @param logs log-probabilities, `[time, batch, classes]`
    /// @param labels class numbers, `int64[batch, longest]`; what stands behind a sequence's end does not matter
    /// @param inputLengths how many outputs count, `int64[batch]`
    /// @param labelLengths how many labels count, `int64[batch]`
    /// @param blank the class that stands for no label
    public static Tensor losses(Tensor logs, Tensor labels, Tensor inputLengths, Tensor labelLengths, int blank) {
        Tensor numbers = labels.to(Type.INT64);
        int longest = numbers.shape().size(1);
        Tensor lengths = Views.unsqueeze(labelLengths.to(Type.INT64), 1); // [batch, 1]
        Tensor place = Constants.iota(numbers.tracer(), numbers.type(), 1);
        Tensor known = Logic.where(Logic.less(place, lengths), numbers, blank);
        // [batch, 2 longest + 1]: blank, label, blank, label …, blank
        Tensor pairs = Views.stack(2, Constants.fullLike(known, blank), known).reshape(-1, 2 * longest);
        Tensor row = Views.pad(pairs, 1, 0, 1, blank);
        Tensor before = shifted(row, 2, -1);
        Tensor skips = Logic.and(Logic.notEqual(row, blank), Logic.notEqual(row, before));

        Tensor position = Constants.iota(row.tracer(), row.type(), 1);
        Tensor alpha = Logic.where(
                Logic.and(Logic.less(position, 2), Logic.lessEqual(position, lengths.times(2))),
                emitted(logs, 0, row),
                Double.NEGATIVE_INFINITY);
        Tensor times = Views.unsqueeze(inputLengths.to(Type.INT64), 1);
        for (int t = 1; t < logs.shape().size(0); t++) {
            Tensor two = Functions.logAddExp(alpha, shifted(alpha, 1, Double.NEGATIVE_INFINITY));
            Tensor jump = Logic.where(skips, shifted(alpha, 2, Double.NEGATIVE_INFINITY), Double.NEGATIVE_INFINITY);
            Tensor next = Functions.logAddExp(two, jump).plus(emitted(logs, t, row));
            alpha = Logic.where(Logic.greater(times, t), next, alpha);
        }
        Tensor last = Indexing.gather(alpha, 1, lengths.times(2));
        Tensor label =
                Indexing.gather(alpha, 1, Elementwise.maximum(lengths.times(2).minus(1), 0));
        Tensor either =
                Functions.logAddExp(last, Logic.where(Logic.greater(lengths, 0), label, Double.NEGATIVE_INFINITY));
        return Views.squeeze(either, 1).negated();
    }

    /// What each place of the row has at a time: `[batch, 2 longest + 1]`.
    private static Tensor emitted(Tensor logs, int t, Tensor row) {
        return Indexing.gather(Views.select(logs, 0, t), 1, row);
    }

    /// Each place gets what stands `by` places before it.
    private static Tensor shifted(Tensor x, int by, double fill) {
        return Views.slice(Views.pad(x, 1, by, 0, fill), 1, 0, x.shape().size(1));
    }
}
