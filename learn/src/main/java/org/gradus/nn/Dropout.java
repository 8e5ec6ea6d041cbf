package org.gradus.nn;

import org.gradus.base.Shape;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;
import org.gradus.ops.Randoms;

/// Elements left out at random while training; the shape stays. No parameters. Evaluation and calibration leave
/// nothing out.
///
/// N. Srivastava et al., *Dropout*, 2014. Lecture: *Generalization*, which keeps with probability p; here `p` is the
/// share that is left out, as in PyTorch.
///
/// @param p the probability that an element is left out
/// @param form how the expectation is kept
/// @param channels whether whole channels are left out, `[batch, channels, …]`: neighbours say nearly the same (J.
///     Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015)
public record Dropout(double p, Form form, boolean channels) implements Layer {
    private static final double ALPHA = -1.7580993408473766; // -scale · alpha of SELU, its value at -∞

    /// What keeps the expectation of an element when it is left out at times.
    public enum Form {
        /// What is kept is divided by 1 - p while training; evaluation changes nothing (PyTorch's form).
        INVERTED,
        /// What is kept stays as it is while training; evaluation multiplies by 1 - p (the lectures' form).
        PLAIN,
        /// What is left out becomes the least value of SELU, and all is scaled and shifted so that mean 0 and deviation
        /// 1 stay (G. Klambauer et al., *Self-Normalizing Neural Networks*, 2017).
        ALPHA
    }

    /// @throws org.gradus.base.GradusException when `p` is not from 0 to 1
    public Dropout {
        Use.demand(p >= 0 && p <= 1, "A Dropout layer", "a probability from 0 to 1", p);
    }

    /// In the inverted form; PyTorch's default is 0.5.
    public static Dropout of(double p) {
        return new Dropout(p, Form.INVERTED, false);
    }

    /// In another form.
    public Dropout form(Form other) {
        return new Dropout(p, other, channels);
    }

    /// Of whole channels.
    public Dropout ofChannels() {
        return new Dropout(p, form, true);
    }

    /// @throws org.gradus.base.GradusException when channels are left out of an input without any
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Shape drawn = x.shape();
        if (channels) {
            new Use("Dropout", scope, x).rank(2, Integer.MAX_VALUE, "[batch, channels, …]");
            for (int axis = 2; axis < drawn.rank(); axis++) {
                drawn = drawn.with(axis, 1);
            }
        }
        if (scope.mode() != Scope.Mode.TRAIN) {
            return form == Form.PLAIN ? x.times(1 - p) : x;
        } else if (p == 0) {
            return x;
        }
        Tensor kept = Randoms.dropoutMask(scope.random(), drawn, p);
        return switch (form) {
            case INVERTED -> Logic.where(kept, x.times(p == 1 ? 0 : 1 / (1 - p)), 0);
            case PLAIN -> Logic.where(kept, x, 0);
            case ALPHA -> {
                double scale = p == 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * ALPHA * ALPHA));
                yield Logic.where(kept, x, ALPHA).times(scale).plus(-scale * ALPHA * p);
            }
        };
    }
}
