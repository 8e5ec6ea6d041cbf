package org.gradus.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;
import org.jspecify.annotations.Nullable;

/// What a rule works with while a step is traced: the parameters, the learning rate, numbers of its own, and a place
/// for what it remembers.
public final class Update {
    private final Scope scope;
    private final List<StateKey> keys;
    private final List<Tensor> parameters;
    private final List<Tensor> learningRates;
    private final List<Double> decayFactors;
    private final List<Tensor> numbers;
    private final @Nullable Tensor due; // whether what the rule remembers changes in this step; null for always

    private Update(
            Scope scope,
            List<StateKey> keys,
            List<Tensor> parameters,
            List<Tensor> learningRates,
            List<Double> decayFactors,
            List<Tensor> numbers,
            @Nullable Tensor due) {
        this.scope = scope;
        this.keys = keys;
        this.parameters = parameters;
        this.learningRates = learningRates;
        this.decayFactors = decayFactors;
        this.numbers = numbers;
        this.due = due;
    }

    /// An update of these parameters.
    ///
    /// @param scope of the whole model
    /// @param learningRate a scalar of the parameters' type
    /// @param numbers the values of [Rule#numbers], scalars of the parameters' type
    static Update of(Scope scope, Map<StateKey, Tensor> parameters, Tensor learningRate, List<Tensor> numbers) {
        int count = parameters.size();
        return new Update(
                scope,
                List.copyOf(parameters.keySet()),
                List.copyOf(parameters.values()),
                Collections.nCopies(count, learningRate),
                Collections.nCopies(count, 1.0),
                numbers,
                null);
    }

    /// The declarations of the parameters: path, shape, role.
    public List<StateKey> keys() {
        return keys;
    }

    /// The parameters at the start of the step, in the order of [#keys].
    public List<Tensor> parameters() {
        return parameters;
    }

    /// The learning rate of each parameter, a scalar; the same for all unless [Groups] says otherwise.
    public List<Tensor> learningRates() {
        return learningRates;
    }

    /// What the decay of each parameter is multiplied by: 1 unless [Groups] says otherwise.
    public List<Double> decayFactors() {
        return decayFactors;
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
            Tensor value = values.get(i);
            scope.assign(buffers.get(i), due == null ? value : Logic.where(due, value, buffers.get(i)));
        }
    }

    /// Running averages that the rule keeps under `name`, with these values taken in: `a ← decay·a + (1 - decay)·value`,
    /// from 0.
    List<Tensor> averages(String name, List<Tensor> values, double decay) {
        List<Tensor> old = buffers(name, Initial.constant(0));
        List<Tensor> averages = each(old, values, (a, value) -> a.times(decay).plus(value.times(1 - decay)));
        assign(old, averages);
        return averages;
    }

    /// Each direction times its parameter's learning rate.
    List<Tensor> scaled(List<Tensor> directions) {
        return each(directions, learningRates, Tensor::times);
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
        return new Update(scope, keys, parameters, learningRates, decayFactors, numbers.subList(from, to), due);
    }

    /// The same update for a rule whose memory changes in some steps only.
    ///
    /// @param now whether this is one, a truth value
    Update when(Tensor now) {
        return new Update(
                scope, keys, parameters, learningRates, decayFactors, numbers, due == null ? now : Logic.and(due, now));
    }

    /// The update of some of the parameters.
    Update part(int... places) {
        return new Update(
                scope,
                at(keys, places),
                at(parameters, places),
                at(learningRates, places),
                at(decayFactors, places),
                numbers,
                due);
    }

    private static <T> List<T> at(List<T> all, int... places) {
        return IntStream.of(places).mapToObj(all::get).toList();
    }

    /// The same update with learning rates and decays multiplied by these factors, one for each parameter.
    Update withFactors(List<Double> rates, List<Double> decays) {
        List<Tensor> scaledRates = new ArrayList<>();
        List<Double> scaledDecays = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            double factor = rates.get(i);
            Tensor rate = learningRates.get(i);
            scaledRates.add(factor == 1 ? rate : rate.times(factor));
            scaledDecays.add(decayFactors.get(i) * decays.get(i));
        }
        return new Update(scope, keys, parameters, scaledRates, scaledDecays, numbers, due);
    }
}
