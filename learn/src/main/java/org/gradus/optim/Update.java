package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.gradus.base.GradusException;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;

/// What a rule works with while a step is traced: the parameters, the learning rate, numbers of its own, and a place
/// for what it remembers.
public final class Update {
    private final Scope scope;
    private final List<StateKey> keys;
    private final List<Tensor> parameters;
    private final Tensor learningRate;
    private final List<Tensor> numbers;

    private Update(
            Scope scope, List<StateKey> keys, List<Tensor> parameters, Tensor learningRate, List<Tensor> numbers) {
        this.scope = scope;
        this.keys = keys;
        this.parameters = parameters;
        this.learningRate = learningRate;
        this.numbers = numbers;
    }

    /// An update of these parameters.
    ///
    /// @param scope of the whole model
    /// @param learningRate a scalar of the parameters' type
    /// @param numbers the values of [Rule#numbers], scalars of the parameters' type
    static Update of(Scope scope, Map<StateKey, Tensor> parameters, Tensor learningRate, List<Tensor> numbers) {
        return new Update(
                scope, List.copyOf(parameters.keySet()), List.copyOf(parameters.values()), learningRate, numbers);
    }

    /// The declarations of the parameters: path, shape, role.
    public List<StateKey> keys() {
        return keys;
    }

    /// The parameters at the start of the step, in the order of [#keys].
    public List<Tensor> parameters() {
        return parameters;
    }

    /// The learning rate, a scalar.
    public Tensor learningRate() {
        return learningRate;
    }

    /// The rule's own number `index`, a scalar; see [Rule#numbers].
    public Tensor number(int index) {
        return numbers.get(index);
    }

    /// A state for each parameter, of its type, which the rule keeps from step to step. Its path is
    /// `optimizer.name.path`, such as `optimizer.momentum.0.weight`.
    public List<Tensor> buffers(String name, Initial initial) {
        return keys.stream()
                .map(key -> scope.buffer("optimizer." + name + "." + key.path(), key.type(), initial))
                .toList();
    }

    /// Writes new values to [#buffers]; the next step reads them.
    public void assign(List<Tensor> buffers, List<Tensor> values) {
        for (int i = 0; i < buffers.size(); i++) {
            scope.assign(buffers.get(i), values.get(i));
        }
    }

    /// One tensor for each parameter, made of two lists of such tensors pair by pair.
    public static List<Tensor> each(List<Tensor> left, List<Tensor> right, BinaryOperator<Tensor> function) {
        if (left.size() != right.size()) {
            throw new GradusException(
                    "rule-count",
                    "An update rule gives one direction for each parameter, but there are " + left.size() + " and "
                            + right.size() + " tensors. Return as many directions as were given.");
        }
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            results.add(function.apply(left.get(i), right.get(i)));
        }
        return results;
    }

    /// The same update for a rule that owns some of the numbers.
    Update withNumbers(int from, int to) {
        return new Update(scope, keys, parameters, learningRate, numbers.subList(from, to));
    }
}
