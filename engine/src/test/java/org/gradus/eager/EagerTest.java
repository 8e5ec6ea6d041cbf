package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gradus.base.Type.FLOAT32;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.MapOp;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tensors that have numbers at once: making, reading, printing, recording.
class EagerTest {
    private static final MapOp ADD = new MapOp(Formula.binary("add", Term::plus), FLOAT32);

    /// A tensor and how it prints.
    record Printed(Tensor tensor, String text) {}

    static Stream<Printed> printed() {
        return Stream.of(
                new Printed(Eager.tensor(1f, 2f, 3f), "float32[3] [1, 2, 3] mean 2 deviation 0.816497"),
                new Printed(Eager.tensor(1.5, 2), "float64[2] [1.5, 2] mean 1.75 deviation 0.25"),
                new Printed(Eager.tensor(1, 2), "int32[2] [1, 2] mean 1.5 deviation 0.5"),
                new Printed(Eager.tensor(1L, 2), "int64[2] [1, 2] mean 1.5 deviation 0.5"),
                new Printed(Eager.tensor(true, false), "bool[2] [true, false]"),
                new Printed(Eager.scalar(2), "float32[] 2"),
                new Printed(Eager.scalar(0.25), "float64[] 0.25"),
                new Printed(
                        Eager.tensor(Shape.of(2, 4), 0f, 0, 0, 0, 0, 0, 7, Float.NaN),
                        "float32[2, 4] [0, 0, 0, 0, 0, 0, …] mean 1 deviation 2.44949 NaN 1"),
                new Printed(
                        Eager.tensor(Float.NaN, Float.NEGATIVE_INFINITY),
                        "float32[2] [NaN, -Infinity] NaN 1 infinite 1"),
                new Printed(Eager.tensor(Shape.of(1, 1), 1e-7), "float64[1, 1] [1e-07] mean 1e-07 deviation 0"),
                new Printed(Eager.tensor(Array.of(Shape.of(0), new float[0])), "float32[0] []"));
    }

    @ParameterizedTest
    @MethodSource("printed")
    void prints(Printed line) {
        assertThat(line.tensor()).hasToString(line.text());
    }

    @Test
    void elementsAreCopiedOutOfJavaArrays() {
        float[] values = {1, 2};
        Tensor x = Eager.tensor(values);
        values[0] = 9;
        assertThat(x.array().get(0)).isEqualTo(1);
    }

    @Test
    void countAndShapeMustAgree() {
        assertThatThrownBy(() -> Eager.tensor(Shape.of(2, 2), 1f, 2, 3))
                .satisfies(refused("array-length", "float32[2, 2] holds 4 numbers, but 3 were given"));
    }

    @Test
    void originIsTheUsersLine() {
        Tensor x = Eager.tensor(1f, 2f);
        Tensor y = x.plus(x).exp();
        int line = x.node().origin().line();
        assertThat(x.node()).hasToString("%0 = constant: float32[2] // EagerTest.java:" + line);
        assertThat(y.node().origin()).hasToString("EagerTest.java:" + (line + 1));
        assertThat(y.described()).isEqualTo("float32[2], made at EagerTest.java:" + (line + 1));
    }

    @Test
    void javaDecidesOnNumbers() {
        Tensor x = Eager.scalar(40.0);
        while (x.item() > 1) {
            x = x.div(2);
        }
        assertThat(x.item()).isEqualTo(0.625);
        Tensor two = Eager.tensor(1f, 2f);
        assertThatThrownBy(two::item).satisfies(refused("item-count", "has 2"));
    }

    @Test
    void errorsNameLayerOpFactsAndOrigins() {
        Eager eager = new Eager();
        Tensor x = eager.constant(Array.zeros(TensorType.of(FLOAT32, 64, 800)));
        Tensor w = eager.constant(Array.zeros(TensorType.of(FLOAT32, 500, 720)));
        int line = x.node().origin().line();
        assertThatThrownBy(() -> eager.inside("classifier", () -> eager.inside("0", () -> x.matmul(w.transposed()))))
                .satisfies(refused(
                        "matmul-inner-size",
                        "`classifier.0`: matmul: the inner sizes differ: the left side [64, 800] has 800",
                        "float32[64, 800], made at EagerTest.java:" + line,
                        "float32[720, 500], made at EagerTest.java:" + (line + 3)));
    }

    @Test
    void aPlainTracerForgetsInputs() {
        Tensor x = Eager.tensor(1f);
        Tensor y = x.plus(Eager.tensor(2f));
        assertThat(y.tracer().isRecording()).isFalse();
        assertThat(y.node().inputs()).isEmpty();
    }

    @Test
    void aRecordingTracerKeepsInputsUntilItIsClosed() {
        Tensor constant = Eager.tensor(2f);
        Tracer recorder = constant.tracer().recorder();
        assertThat(recorder.recorder()).isSameAs(recorder);
        Tensor x = recorder.constant(constant.array());
        Tensor y = constant.times(x);
        assertThat(y.tracer()).isSameAs(recorder);
        assertThat(y.node().inputs().get(1)).isSameAs(x);
        Tensor lifted = y.node().inputs().get(0);
        assertThat(lifted.tracer()).isSameAs(recorder);
        assertThat(lifted.node().op()).isEqualTo(new Source.Constant(constant.array()));
        assertThat(lifted.node().id()).isLessThan(y.node().id());

        recorder.close();
        assertThat(y.node().inputs()).isEmpty();
        assertThat(y.item()).isEqualTo(4);
        assertThat(y.plus(x).node().inputs()).isEmpty();
        Tracer other = y.tracer().recorder();
        assertThat(other).isNotSameAs(recorder);
        Tensor again = other.constant(x.array()).plus(y);
        assertThat(again.item()).isEqualTo(6);
        assertThat(again.node().inputs()).hasSize(2);
        other.close();
    }

    @Test
    void tensorsOfAnotherOpenRecordingAreRefused() {
        Tracer one = new Eager().recorder();
        Tracer other = new Eager().recorder();
        Tensor x = one.constant(Case.floats(1));
        Tensor y = other.constant(Case.floats(1));
        assertThatThrownBy(() -> x.plus(y)).satisfies(refused("trace-foreign", "another gradient"));
        assertThatThrownBy(() -> new Eager().applyOne(ADD, x, x)).satisfies(refused("trace-foreign", "EagerTest.java"));
        assertThatThrownBy(() -> new Trace().applyOne(ADD, x, x)).satisfies(refused("trace-foreign", "another trace"));
        other.close();
        assertThat(x.plus(y).item()).isEqualTo(2);
    }

    @Test
    void tensorsOfAnOpenTraceAreRefused() {
        Tensor x = new Trace().input("x", TensorType.of(FLOAT32, 1));
        Tensor y = Eager.tensor(1f);
        assertThatThrownBy(() -> y.tracer().applyOne(ADD, y, x))
                .satisfies(refused("trace-foreign", "float32[1] (input `x`), made at EagerTest.java"));
        assertThat(y.plus(x).tracer()).isSameAs(x.tracer());
        assertThat(y.plus(x)).hasToString("float32[1] (traced)");
    }

    @Test
    void readingANumberWhileTracingThrowsAtTheUsersLine() {
        Tensor x = new Trace().input("loss", TensorType.of(FLOAT32));
        int line = x.node().origin().line();
        assertThatThrownBy(() -> {
                    if (x.item() > 1) {
                        throw new AssertionError();
                    }
                })
                .satisfies(
                        refused("value-while-tracing", "(input `loss`), made at EagerTest.java:" + line),
                        e -> assertThat(Stream.of(e.getStackTrace())
                                        .filter(frame -> !frame.getClassName().startsWith("org.gradus.graph"))
                                        .findFirst())
                                .hasValueSatisfying(frame -> {
                                    assertThat(frame.getFileName()).isEqualTo("EagerTest.java");
                                    assertThat(frame.getLineNumber()).isEqualTo(line + 3);
                                }));
    }

    @Test
    void threadsMaySharePlainTensors() throws Exception {
        Tensor x = Eager.tensor(1f, 2f, 3f);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Double>> sums = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> x.plus(i).sum().item()))
                    .toList();
            for (int i = 0; i < sums.size(); i++) {
                assertThat(sums.get(i).get()).isEqualTo(6 + 3 * i);
            }
        }
    }

    private static Consumer<Throwable> refused(String kind, String... parts) {
        return error -> {
            assertThat(error).isInstanceOf(GradusException.class).hasMessageContainingAll(parts);
            assertThat(((GradusException) error).kind()).isEqualTo(kind);
        };
    }
}
