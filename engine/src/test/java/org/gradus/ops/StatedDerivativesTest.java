package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Philox;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Derivative;
import org.gradus.expr.Evaluation;
import org.gradus.expr.Formula;
import org.gradus.graph.MapOp;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A formula that states its derivative is held against the derived one, at random points where both are smooth.
class StatedDerivativesTest {
    private static final long SEED = Long.getLong("gradus.seed", 7);

    /// The formulas with a stated derivative: those in constants, and those that functions make for their arguments.
    static Stream<Formula> stated() throws ReflectiveOperationException {
        Set<Formula> found = new LinkedHashSet<>();
        for (Class<?> type :
                List.of(Elementwise.class, Functions.class, Logic.class, Activations.class, Reductions.class)) {
            for (var field : type.getDeclaredFields()) {
                if (field.getType() == Formula.class) {
                    field.setAccessible(true);
                    found.add((Formula) field.get(null));
                }
            }
        }
        for (var f : ActivationsTest.ALL.values()) {
            traced(f).forEach(found::add);
        }
        return found.stream()
                .filter(formula ->
                        formula.derivative() != null && !formula.name().equals("stop-gradient"));
    }

    private static Stream<Formula> traced(UnaryOperator<Tensor> f) {
        Trace trace = new Trace();
        Tensor x = trace.input("x", TensorType.of(Type.FLOAT64, 1));
        return trace.finish(List.of(f.apply(x))).nodes().stream()
                .map(node -> node.op())
                .filter(MapOp.class::isInstance)
                .map(op -> ((MapOp) op).formula());
    }

    @ParameterizedTest
    @MethodSource("stated")
    void agreesWithTheDerivedOne(Formula formula) {
        int arity = formula.body().arity();
        List<Integer> all = IntStream.range(0, arity).boxed().toList();
        Body stated = Derivative.reverse(formula, List.of(0), all);
        Body derived = Derivative.reverse(Formula.of(formula.name(), formula.body()), List.of(0), all);
        Philox random = Philox.of(SEED, Philox.stream(formula.name(), 0), 0);
        for (int point = 0; point < 200; point++) {
            double[] x = new double[arity + 1];
            for (int i = 0; i <= arity; i++) {
                x[i] = 8 * random.uniform(Type.FLOAT64, point * (arity + 1L) + i) - 4;
            }
            double[] one = run(stated, x);
            double[] other = run(derived, x);
            for (int i = 0; i < arity; i++) {
                // A few roundings, and the cancellation in forms such as 1 - y² next to 1.
                assertThat(one[i])
                        .as("%s: derivative %d at %s, seed %d", formula.name(), i, Arrays.toString(x), SEED)
                        .isCloseTo(
                                other[i], org.assertj.core.api.Assertions.within(1e-13 * Math.abs(x[arity]) + 1e-15));
            }
        }
    }

    @Test
    void thereAreSome() throws ReflectiveOperationException {
        assertThat(new ArrayList<>(stated().toList())).hasSizeGreaterThan(15);
    }

    private static double[] run(Body body, double[] arguments) {
        double[] registers = Arrays.copyOf(arguments, body.registers());
        Evaluation.run(body, registers);
        return body.results().stream().mapToDouble(r -> registers[r]).toArray();
    }
}
