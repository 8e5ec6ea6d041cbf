package org.gradus.optim;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;

/// How a model's parameters change in a step: an update rule, and the learning rate that it is given.
///
/// @param learningRate by the progress of training
/// @param rule what makes steps of gradients
public record Optimizer(Schedule learningRate, Rule rule) {
    /// With the same learning rate all the time: `Optimizer.of(0.1, Sgd.of(0.9))`.
    public static Optimizer of(double learningRate, Rule rule) {
        return new Optimizer(Schedule.constant(learningRate), rule);
    }

    /// The number of [inputs][#inputs] that a step takes for the optimizer.
    public int inputCount() {
        return 1 + rule.numbers().size();
    }

    /// What the step that begins now is handed for the optimizer, scalars: the learning rate, then the rule's numbers.
    ///
    /// @param type the parameters' type
    public List<Array> inputs(Progress progress, Type type) {
        return Stream.concat(Stream.of(learningRate), rule.numbers().stream())
                .map(schedule -> Array.full(new TensorType(type, Shape.SCALAR), schedule.at(progress)))
                .toList();
    }

    /// Adds the change of all parameters to the step that is being traced.
    ///
    /// @param scope of the whole model
    /// @param parameters what changes
    /// @param gradients of the loss by each parameter, in their order
    /// @param inputs what [#inputs] made
    /// @throws GradusException when gradients or inputs do not fit in number
    public void update(Scope scope, Map<StateKey, Tensor> parameters, List<Tensor> gradients, List<Tensor> inputs) {
        if (inputs.size() != inputCount()) {
            throw new GradusException(
                    "optimizer-inputs",
                    "The optimizer takes " + inputCount() + " scalars in each step (the learning rate and its rule's"
                            + " numbers), but was given " + inputs.size() + ". Hand in what its `inputs` makes.");
        }
        Update update = Update.of(scope, parameters, inputs.get(0), inputs.subList(1, inputs.size()));
        List<Tensor> steps = rule.apply(update, gradients);
        update.assign(update.parameters(), Update.each(update.parameters(), steps, Tensor::minus));
    }
}
