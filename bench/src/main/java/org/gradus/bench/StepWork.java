package org.gradus.bench;

import java.util.List;
import java.util.function.Function;
import org.gradus.base.Array;
import org.gradus.bench.side.Work;
import org.gradus.plan.Plan;
import org.gradus.run.Step;

/// Runs of one step on the same inputs.
final class StepWork implements Work {
    private final Step step;
    private final Array[] inputs;
    private final Array[] results;
    private final Plan plan;
    private final Function<StepWork, float[]> check;

    /// @param check what sides must agree on, found with [#run] and [#result]
    StepWork(Step step, List<Array> inputs, Function<StepWork, float[]> check) {
        this.step = step;
        this.inputs = inputs.toArray(Array[]::new);
        this.plan = step.plan(inputs.stream().map(Array::type).toList());
        this.results = plan.results().stream()
                .map(result -> Array.zeros(result.type()))
                .toArray(Array[]::new);
        this.check = check;
    }

    /// A result of the last run, flat.
    float[] result(int number) {
        return (float[]) results[number].storage();
    }

    @Override
    public void run() {
        step.runInto(results, inputs);
    }

    @Override
    public float[] check() {
        return check.apply(this);
    }

    @Override
    public long flops() {
        return plan.entries().stream().mapToLong(Plan.Entry::flops).sum();
    }

    @Override
    public long bytes() {
        return plan.entries().stream().mapToLong(plan::bytes).sum();
    }
}
