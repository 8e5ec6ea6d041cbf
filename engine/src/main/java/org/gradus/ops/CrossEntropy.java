package org.gradus.ops;

import java.util.Arrays;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Definition;
import org.gradus.graph.Named;
import org.gradus.graph.Reduce;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// Minus the logarithm of the softmax probability of the right class: the loss of a classifier. Inputs are logits
/// `[batch, classes, more…]` (or `[classes]`) and the right classes `[batch, more…]`, integers from 0.
///
/// The gradient is softmax minus one-hot: what the classifier said less what was right.
public record CrossEntropy(Reduction reduction) implements Definition {
    /// What is made of the losses of the samples.
    public enum Reduction {
        /// Their mean, the usual loss.
        MEAN,
        /// Their sum.
        SUM,
        /// Nothing: one loss for each sample.
        NONE
    }

    /// The mean cross-entropy of logits and right classes.
    public static Tensor crossEntropy(Tensor logits, Tensor classes) {
        return crossEntropy(logits, classes, Reduction.MEAN);
    }

    /// The cross-entropy of logits and right classes.
    ///
    /// @throws GradusException when the classes are no integers or have another shape than the logits without their
    ///     class axis; when it is computed, for a class that there is not
    public static Tensor crossEntropy(Tensor logits, Tensor classes, Reduction reduction) {
        return Tracer.of(List.of(logits, classes)).applyOne(new Named(new CrossEntropy(reduction)), logits, classes);
    }

    @Override
    public String name() {
        return "cross-entropy";
    }

    @Override
    public List<Tensor> define(List<Tensor> inputs) {
        Tensor logits = inputs.get(0);
        Tensor classes = inputs.get(1);
        int axis = axis(logits);
        if (!classes.type().type().isInteger()
                || !classes.shape().equals(logits.shape().without(List.of(axis)))) {
            throw new GradusException(
                    "cross-entropy-classes",
                    "cross-entropy: logits " + logits.shape() + " need class numbers, integers "
                            + logits.shape().without(List.of(axis)) + ", but were given " + classes.type()
                            + ". Of one-hot rows take the `argmax`; cast with `x.to(Type.INT64)`.");
        }
        Tensor most =
                Elementwise.stopGradient(logits.tracer().applyOne(new Reduce(Reduce.Kind.MAX, List.of(axis)), logits));
        Tensor total = Softmax.sum(logits.minus(most).exp(), axis).log();
        Tensor right = Indexing.gather(logits, axis, Views.unsqueeze(classes, axis));
        return List.of(reduced(Views.squeeze(total.minus(right.minus(most)), axis)));
    }

    @Override
    public List<@Nullable Tensor> pullback(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
        Tensor classes = inputs.get(1);
        Tensor g = cotangents.get(0).broadcastTo(classes.shape());
        Tensor each = reduction == Reduction.MEAN ? g.div(classes.shape().count()) : g;
        return Arrays.asList(error(inputs).times(Views.unsqueeze(each, axis(inputs.get(0)))), null);
    }

    @Override
    public List<@Nullable Tensor> pushforward(
            List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> tangents) {
        Tensor moved = tangents.get(0);
        return List.of(reduced(error(inputs).times(moved).sum(axis(inputs.get(0)))));
    }

    private Tensor reduced(Tensor losses) {
        return switch (reduction) {
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case NONE -> losses;
        };
    }

    /// softmax(logits) - onehot(classes). Class numbers are compared in the type of the logits, which holds all of them.
    private static Tensor error(List<Tensor> inputs) {
        Tensor logits = inputs.get(0);
        int axis = axis(logits);
        Type type = logits.type().type();
        int[] sizes = new int[logits.shape().rank()];
        Arrays.fill(sizes, 1);
        sizes[axis] = logits.shape().size(axis);
        Tensor numbers = Constants.iota(logits.tracer(), TensorType.of(type, sizes), axis);
        Tensor oneHot = Logic.equal(Views.unsqueeze(inputs.get(1).to(type), axis), numbers);
        return Softmax.softmax(logits, axis).minus(oneHot.to(type));
    }

    private static int axis(Tensor logits) {
        return logits.shape().axis(logits.shape().rank() > 1 ? 1 : 0);
    }
}
