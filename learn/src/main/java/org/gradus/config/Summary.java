package org.gradus.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Initialised;
import org.gradus.plan.Plan;
import org.gradus.run.Session;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// What a model is made of: its layers with the shapes of their outputs, parameters and floating-point operations, and
/// what training it takes.
///
/// @param rows the layers, in the order in which they end
/// @param input of one example
/// @param states all parameters and buffers of the model
/// @param penalties what draws which parameters towards 0, such as `weight decay of 0.01: of 430,500 parameters, not of 580 (biases)`
/// @param remembered the states that the optimizer adds to them
/// @param batch the examples in a step
/// @param plan of a training step
public record Summary(
        List<Row> rows,
        Shape input,
        List<StateKey> states,
        List<String> penalties,
        List<StateKey> remembered,
        int batch,
        Plan plan) {
    /// One layer.
    ///
    /// @param path such as `layer1.0.conv1`; empty for the model itself, which stands for what is in no layer
    /// @param output of one example
    /// @param parameters of its own, without those of layers in it
    /// @param flops of one example, forward, of its own
    public record Row(String path, String type, Shape output, long parameters, long flops) {}

    /// A layer that was called.
    private record Call(String path, Layer layer, Shape output) {}

    /// That of a recipe for a task.
    ///
    /// @throws org.gradus.base.GradusException naming the layer that cannot take its input
    public static Summary of(Recipe recipe, Task task) {
        Examples one = task.blank(1);
        Session session = new Session(0, Type.FLOAT32, 1);
        List<Call> calls = new ArrayList<>();
        Plan forward = session.step("summary", Scope.Mode.EVAL, (scope, inputs) -> {
                    Tensor output = recipe.model()
                            .forward(
                                    scope.watched((path, layer, y) -> calls.add(new Call(path, layer, y.shape()))),
                                    inputs.getFirst());
                    calls.add(new Call("", recipe.model(), output.shape()));
                    return List.of(output);
                })
                .plan(List.of(one.features().type()));
        List<StateKey> states = session.states();
        List<Row> rows = new ArrayList<>();
        for (Call call : calls) {
            long parameters = states.stream()
                    .filter(key ->
                            key.role().isTrained() && owner(calls, key.path()).equals(call.path()))
                    .mapToLong(key -> key.type().shape().count())
                    .sum();
            long flops = forward.entries().stream()
                    .filter(entry -> owner(calls, entry.path()).equals(call.path()))
                    .mapToLong(Plan.Entry::flops)
                    .sum();
            Shape output = call.output().part(1, call.output().rank());
            rows.add(new Row(call.path(), type(call.layer()), output, parameters, flops));
        }
        Session training = new Session(0, Type.FLOAT32, 1);
        Plan plan = new Trainer(training, recipe).plan(task.blank(recipe.batch()));
        List<String> paths = states.stream().map(StateKey::path).toList();
        List<StateKey> remembered = training.states().stream()
                .filter(key -> !paths.contains(key.path()))
                .toList();
        List<StateKey> trained = states.stream()
                .filter(key -> key.role().isTrained())
                .filter(key -> recipe.more().frozen().stream().noneMatch(frozen -> frozen.contains(key)))
                .toList();
        List<String> penalties = Penalties.of(recipe.optimizer().rule()).stream()
                .map(penalty -> penalty.told(trained))
                .toList();
        return new Summary(rows, task.form().shape(), states, penalties, remembered, recipe.batch(), plan);
    }

    /// The path of the innermost layer that a path is in.
    private static String owner(List<Call> calls, String path) {
        return calls.stream()
                .map(Call::path)
                .filter(owner -> path.equals(owner) || path.startsWith(owner + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private static String type(Layer layer) {
        if (layer instanceof Initialised started) {
            return type(started.layer());
        }
        return layer instanceof Enum<?> constant
                ? constant.name().toLowerCase(Locale.ROOT)
                : layer.getClass().getSimpleName();
    }

    /// The number of trained parameters.
    public long parameters() {
        return rows.stream().mapToLong(Row::parameters).sum();
    }

    /// The floating-point operations for one example, forward.
    public long flops() {
        return rows.stream().mapToLong(Row::flops).sum();
    }

    /// A table for people.
    @Override
    public String toString() {
        List<String[]> cells = new ArrayList<>();
        cells.add(new String[] {"Layer", "Type", "Output", "Parameters", "FLOPs"});
        for (Row row : rows) {
            cells.add(new String[] {
                row.path().isEmpty() ? "(model)" : row.path(),
                row.type(),
                row.output().toString(),
                count(row.parameters()),
                count(row.flops())
            });
        }
        int[] widths = new int[5];
        cells.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        });
        StringBuilder text = new StringBuilder();
        String format = "%%-%ds  %%-%ds  %%-%ds  %%%ds  %%%ds\n"
                .formatted(widths[0], widths[1], widths[2], widths[3], widths[4]);
        cells.forEach(line -> text.append(format.formatted((Object[]) line)));
        return text.append('\n')
                .append(count(parameters()) + " parameters\n")
                .append(penalties.isEmpty() ? "None is drawn towards 0\n" : String.join("\n", penalties) + "\n")
                .append(count(flops()) + " floating-point operations for an example " + input + ", forward\n")
                .append("Memory: " + bytes(size(states)) + " of parameters and buffers, " + bytes(size(remembered))
                        + " of the optimizer, " + bytes(plan.arenaBytes())
                        + " to work in for a training step with batches of " + batch)
                .toString();
    }

    private static long size(List<StateKey> states) {
        return states.stream()
                .mapToLong(key ->
                        (long) key.type().shape().count() * key.type().type().bytes())
                .sum();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
