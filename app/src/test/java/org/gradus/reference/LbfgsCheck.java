package org.gradus.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;
import org.gradus.optim.Lbfgs;
import org.gradus.run.Session;
import org.gradus.run.Step;
import tools.jackson.databind.JsonNode;

/// Cases of kind `optim` whose optimizer asks for the function itself, here a compiled step.
///
/// Each step divides by small differences of gradients, so roundings grow a hundredfold within a few steps, in
/// PyTorch as well. By how much is measured: the search is repeated with values and gradients that are off by half a unit
/// in their last place at random. Allowed is the relative error of the other cases, and 6 times the largest distance of
/// the repetitions at that step or before.
final class LbfgsCheck {
    private static final int REPETITIONS = 8;
    private static final double DEVIATIONS = 6;

    private final Case given;
    private final Step step;
    private final int steps;

    private LbfgsCheck(Case given) {
        this.given = given;
        this.steps = given.array("loss").count();
        this.step = new Session(0, Type.FLOAT64).step(given.id(), Scope.Mode.EVAL, (scope, in) -> {
            Tensor loss = OptimTable.quadratic(in.get(0), in.get(2), in.get(3)).plus(OptimTable.rosenbrock(in.get(1)));
            return List.of(loss, Views.concat(0, Reverse.gradients(loss, in.subList(0, 2))));
        });
    }

    static void run(Case given) {
        new LbfgsCheck(given).check();
    }

    private void check() {
        double[][] found = search(() -> 0);
        double[] allowed = new double[found.length];
        Random random = new Random(1);
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            double[][] other = search(() -> (random.nextDouble() * 2 - 1) * 0x1p-53);
            double most = 0;
            for (int t = 0; t < found.length; t++) {
                for (int i = 0; i < found[t].length; i++) {
                    most = Math.max(most, Math.abs(found[t][i] - other[t][i]));
                }
                allowed[t] = Math.max(allowed[t], DEVIATIONS * most);
            }
        }
        Array trajectory = given.array("trajectory");
        Array losses = given.array("loss");
        Array positions = Array.zeros(trajectory.type());
        Array values = Array.zeros(losses.type());
        for (int t = 0; t <= steps; t++) {
            for (int i = 0; i < 6; i++) {
                positions.set(6 * t + i, found[t][i]);
            }
            if (t < steps) {
                values.set(t, found[t][6]);
            }
        }
        Comparison.equal("trajectory", trajectory, positions, i -> allowed[i / 6]);
        Comparison.equal("loss", losses, values, t -> allowed[t]);
    }

    /// For each step the position before it, then the value there (0 after the last one).
    private double[][] search(DoubleSupplier rounding) {
        JsonNode config = given.config();
        Lbfgs rule = Lbfgs.of(
                config.get("lr").asDouble(),
                config.get("max_iter").asInt(),
                config.get("history_size").asInt());
        Lbfgs.Search search = (config.has("line_search_fn") ? rule : rule.withoutSearch()).start();
        double[] point = Arrays.copyOf(given.array("trajectory").toDoubles(), 6);
        List<double[]> rows = new ArrayList<>();
        for (int t = 0; t <= steps; t++) {
            double[] row = Arrays.copyOf(point, 7);
            if (t < steps) {
                row[6] = search.step(point, (x, gradient) -> value(x, gradient, rounding));
            }
            rows.add(row);
        }
        return rows.toArray(double[][]::new);
    }

    private double value(double[] x, double[] gradient, DoubleSupplier rounding) {
        List<Array> results = step.run(
                Array.of(Shape.of(4), Arrays.copyOf(x, 4)),
                Array.of(Shape.of(2), Arrays.copyOfRange(x, 4, 6)),
                given.array("A"),
                given.array("b"));
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = results.get(1).get(i) * (1 + rounding.getAsDouble());
        }
        return results.get(0).get(0) * (1 + rounding.getAsDouble());
    }
}
