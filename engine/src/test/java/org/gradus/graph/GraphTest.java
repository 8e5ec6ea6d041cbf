package org.gradus.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final TensorType MATRIX = TensorType.of(Type.FLOAT32, 2, 3);

    @Test
    void printsOneLinePerLiveNode() {
        Trace trace = new Trace();
        Tensor x = trace.input("x", MATRIX);
        x.exp(); // nobody needs it
        Tensor y = x.tanh().sum(1);
        String text = trace.finish(List.of(y)).toString().replaceAll(":\\d+", ":0");
        assertThat(text).isEqualTo("""
                %0 = x: float32[2, 3] // GraphTest.java:0
                %2 = tanh %0: float32[2, 3] // GraphTest.java:0
                %3 = sum %2: float32[2, 1] // GraphTest.java:0
                %4 = reshape %3: float32[2] // GraphTest.java:0
                return %4
                """);
    }

    @Test
    void drawsBoxesAndArrows() {
        Trace trace = new Trace();
        Tensor x = trace.input("<x>", MATRIX);
        String svg = GraphSvg.of(trace.finish(List.of(x.times(x.tanh()))));
        assertThat(svg)
                .startsWith("<svg")
                .contains(">mul<", ">tanh<", "&lt;x&gt;", "float32[2, 3]")
                .endsWith("</svg>\n");
        assertThat(svg.split("marker-end", -1)).as("three arrows").hasSize(4);
    }

    @Test
    void capturesAreFrozenOnceAndListed() {
        Array numbers = Array.of(Shape.of(3), 1f, 2f, 3f);
        Tensor outside = Eager.tensor(numbers);
        Trace trace = new Trace();
        Tensor x = trace.input("x", MATRIX);
        Graph graph = trace.finish(List.of(x.plus(outside).times(outside)));
        assertThat(graph.captured()).hasSize(1);
        assertThat(graph.captured().get(0).type()).isEqualTo(TensorType.of(Type.FLOAT32, 3));
    }

    @Test
    void statesAreListedOnce() {
        Trace trace = new Trace();
        Tensor key = trace.input("key", TensorType.of(Type.INT64, 2));
        Scope scope = Scope.root(States.traced(trace, key), Scope.Mode.TRAIN, Type.FLOAT32);
        Layer layer = (inner, x) -> {
            Tensor weight = inner.parameter("weight", StateKey.Role.WEIGHT, Initial.constant(1), 3);
            inner.update(weight, old -> old.times(0.5));
            return x.times(weight);
        };
        Tensor x = trace.input("x", MATRIX);
        Tensor y = scope.call("b", layer, scope.call("a", layer, scope.call("a", layer, x)));
        Graph graph = trace.finish(List.of(y));
        assertThat(graph.states()).extracting(StateKey::path).containsExactly("a.weight", "b.weight");
        assertThat(scope.parameters().keySet()).extracting(StateKey::path).containsExactly("a.weight", "b.weight");
        assertThat(y.node().path()).isEqualTo("b");
        assertThat(graph.live().stream().filter(node -> node.op() instanceof Assign))
                .hasSize(3);
    }

    @Test
    void aLayersPathStandsInItsErrors() {
        Trace trace = new Trace();
        Tensor key = trace.input("key", TensorType.of(Type.INT64, 2));
        Scope scope = Scope.root(States.traced(trace, key), Scope.Mode.EVAL, Type.FLOAT32);
        Tensor x = trace.input("x", MATRIX);
        assertThatThrownBy(() ->
                        scope.call("classifier", (outer, t) -> outer.call("0", (inner, u) -> u.matmul(u), t), x))
                .hasMessageStartingWith("`classifier.0`: matmul: the inner sizes differ")
                .hasMessageContaining("(input `x`), made at GraphTest.java:");
    }

    @Test
    void aFinishedTraceTakesNothing() {
        Trace trace = new Trace();
        Tensor x = trace.input("x", MATRIX);
        trace.finish(List.of(x));
        assertThatThrownBy(x::exp).hasMessageContaining("finished");
    }

    @Test
    void familiesAreSealed() {
        assertThat(Op.class.isSealed()).isTrue();
        assertThat(Op.class.getPermittedSubclasses()).hasSize(11);
    }
}
