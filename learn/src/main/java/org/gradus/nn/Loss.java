package org.gradus.nn;

import org.gradus.base.GradusException;
import org.gradus.graph.Tensor;

/// How wrong a model's output is: one number to make small.
@FunctionalInterface
public interface Loss {
    /// The mean loss over a batch, a scalar.
    ///
    /// @param output the model's, `[batch, …]`
    /// @param labels what it should be
    Tensor of(Tensor output, Tensor labels);

    /// The same, where examples count differently: what an example adds to the loss is multiplied by its weight. Weights of 1
    /// change nothing.
    ///
    /// @param weights of the examples `[batch]`
    /// @throws GradusException when the loss is not made of one number for each example
    default Tensor of(Tensor output, Tensor labels, Tensor weights) {
        throw new GradusException(
                "loss-weights",
                "The loss " + this + " was given weights of examples, " + weights.described()
                        + ", but it is not made of a loss for each example. Take one that is a PointwiseLoss, or leave"
                        + " the weights out.");
    }
}
