package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.graph.Assign;
import org.gradus.graph.Definition;
import org.gradus.graph.Index;
import org.gradus.graph.Initial;
import org.gradus.graph.Named;
import org.gradus.graph.Source;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sources, assigns and named ops.
class InterpreterTest {
    private static final StateKey STATE =
            new StateKey("fc.weight", TensorType.of(FLOAT32, 2), StateKey.Role.WEIGHT, Initial.constant(0));

    /// x - mean(x) and mean(x)
    private record Centred() implements Definition {
        @Override
        public String name() {
            return "centred";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            Tensor mean = inputs.get(0).mean();
            return List.of(inputs.get(0).minus(mean), mean);
        }
    }

    /// Row `row` of a table, badly looked after.
    private record Row(long row) implements Definition {
        @Override
        public String name() {
            return "row";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            Tensor x = inputs.get(0);
            Tensor place = x.tracer().constant(longs(row));
            return List.of(x.tracer().applyOne(new Index.Gather(0), x, place));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("constant", new Source.Constant(floats(1, 2)), List.of(), List.of(floats(1, 2))),
                iota(0, array(FLOAT32, List.of(2, 3), 0, 0, 0, 1, 1, 1)),
                iota(1, array(INT64, List.of(2, 3), 0, 1, 2, 0, 1, 2)),
                iota(1, array(INT32, List.of(2, 3, 2), 0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2)),
                iota(0, array(INT32, List.of(0))),
                Case.of("assign", new Assign(STATE), floats(3, 4), floats(3, 4)),
                new Case(
                        "named",
                        new Named(new Centred()),
                        List.of(floats(1, 2, 6)),
                        List.of(floats(-2, -1, 3), array(FLOAT32, List.of(), 3))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @Test
    void inputsAndStatesHaveNoNumbers() {
        assertThat(refusal("source-without-value", new Source.Input("x", TensorType.of(FLOAT32, 2))))
                .startsWith("The input `x`, float32[2], has no numbers of its own");
        assertThat(refusal("source-without-value", new Source.State(STATE)))
                .startsWith("The state `fc.weight`, float32[2], has no numbers of its own");
    }

    @Test
    void anAxisThatIsNotThereIsRefused() {
        refusal("axis-range", new Source.Iota(TensorType.of(INT64, 3), 1));
        refusal("axis-range", new Source.Iota(TensorType.of(INT64, 3), -1));
        refusal("assign-type", new Assign(STATE), floats(1));
    }

    @Test
    void namedOpsStayWholeAndTellErrorsOnce() {
        Tensor x = Eager.tensor(1f, 2f, 6f);
        Tensor centred = x.tracer().apply(new Named(new Centred()), List.of(x)).get(0);
        assertThat(centred.node().op()).isEqualTo(new Named(new Centred()));
        assertThatThrownBy(() -> x.tracer().inside("table", () -> x.tracer().applyOne(new Named(new Row(3)), x)))
                .isInstanceOfSatisfying(GradusException.class, e -> {
                    assertThat(e.kind()).isEqualTo("index-range");
                    assertThat(e.getMessage())
                            .startsWith("`table`: gather: the place 3")
                            .containsOnlyOnce("Inputs");
                });
    }

    private static Case iota(int axis, Array expected) {
        String name = "iota along " + axis + " of " + expected.type();
        return new Case(name, new Source.Iota(expected.type(), axis), List.of(), List.of(expected));
    }
}
