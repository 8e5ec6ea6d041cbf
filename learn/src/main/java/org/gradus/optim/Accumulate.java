package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;

/// A rule that is applied to the mean direction of several batches, once after the last of them; in between no parameter
/// changes, and nothing that the rule remembers. So batches that fit into memory make steps of a larger one: gradient
/// accumulation. What is gathered stays over the end of an epoch, and lies in the session as `optimizer.accumulated.PATH`.
///
/// Learning rates by step go on counting batches; numbers of the rule, such as Adam's corrections, count its own steps.
///
/// @param batches how many make one step, at least 1
/// @param rule what is applied then
public record Accumulate(int batches, Rule rule) implements Rule {
    /// @throws org.gradus.base.GradusException when there are no batches
    public Accumulate {
        Numbers.demand(batches >= 1, "A step takes at least 1 batch", batches);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        Tensor due = Logic.notEqual(update.number(0), 0);
        List<Tensor> before = update.buffers("accumulated", Initial.constant(0));
        List<Tensor> sums = Update.each(before, directions, Tensor::plus);
        update.assign(before, sums.stream().map(sum -> Logic.where(due, 0, sum)).toList());
        List<Tensor> means = sums.stream().map(sum -> sum.div(batches)).toList();
        Update own = update.withNumbers(1, 1 + rule.numbers().size()).when(due);
        return rule.apply(own, means).stream()
                .map(step -> Logic.where(due, step, 0))
                .toList();
    }

    @Override
    public List<Schedule> numbers() {
        List<Schedule> numbers = new ArrayList<>();
        numbers.add(progress -> (progress.step() + 1) % batches == 0 ? 1 : 0);
        rule.numbers().forEach(number -> numbers.add(progress -> number.at(progress.at(progress.step() / batches))));
        return numbers;
    }
}
