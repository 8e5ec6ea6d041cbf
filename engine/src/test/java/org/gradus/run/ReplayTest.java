package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Library;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Convolutions;
import org.gradus.ops.Indexing;
import org.gradus.ops.Sorting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a replay promises: the interpreter's numbers, no allocation, and the same bits everywhere.
class ReplayTest {
    private static final String BOTH = "--add-modules jdk.incubator.vector";
    private static final String VECTORS = BOTH + " -Dgradus.warming=false";
    private static final int STEPS = 50;
    private static final String WHOLE = Networks.digests(2, STEPS);

    /// In a fresh JVM: kernels of many vector widths in one process, as the tests run them, spoil HotSpot's profiles.
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void replayAllocatesNothing(Type type) throws IOException {
        String said = inAnotherMachine(VECTORS, "allocation", type.name());
        assertThat(said.lines().filter(line -> line.startsWith("allocated")))
                .as(said)
                .containsExactly("allocated 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void sameBitsForAnyThreadCount(int threads) {
        assertThat(Networks.digests(threads, STEPS)).isEqualTo(WHOLE);
    }

    /// The last one is the scalar form: the vector module is absent.
    @ParameterizedTest
    @ValueSource(strings = {VECTORS + " -XX:UseAVX=2", VECTORS + " -XX:UseAVX=1", ""})
    void sameBitsInOtherMachines(String options) throws IOException {
        assertThat(digests(options, STEPS)).containsExactly(WHOLE);
    }

    /// Vectors are slow without the optimizing compiler, and where they are not those of the processor.
    @ParameterizedTest
    @ValueSource(strings = {VECTORS + " -XX:TieredStopAtLevel=1", VECTORS + " -Dgradus.lanes=4", "-Xint"})
    void sameBitsAfterAFewStepsOfSlowMachines(String options) throws IOException {
        assertThat(digests(options, Networks.FEW_STEPS)).containsExactly(Networks.digests(2, Networks.FEW_STEPS));
    }

    /// Plain code, both in turn, and vector code: in a program that runs for long enough, as users start it.
    @Test
    void sameBitsWhileKernelsGoOverToVectorCode() throws IOException {
        assertThat(inAnotherMachine(BOTH, "warming", Integer.toString(STEPS))
                        .lines()
                        .skip(1)) // a warning
                .containsExactly(WHOLE, "vector code", WHOLE, "allocated 0", "stay plain: 0");
    }

    private static Stream<String> digests(String options, int steps) throws IOException {
        return inAnotherMachine(options, "digests", Integer.toString(steps))
                .lines()
                .filter(line -> line.startsWith("digests"));
    }

    /// What [Networks#main] prints in a JVM of its own.
    private static String inAnotherMachine(String options, String... arguments) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String path = Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes");
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ")));
        command.addAll(List.of("-cp", path, Networks.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void trainsAsTheInterpreterDoes(Type type) {
        trainsAsTheInterpreterDoes(type, Networks.convolutional(), Networks.batch(type, 5, 2, 9, 8));
    }

    @Test
    void trainsAsTheInterpreterDoesByWinogradsMethod() {
        trainsAsTheInterpreterDoes(Type.FLOAT32, Networks.wide(), Networks.batch(Type.FLOAT32, Networks.WIDE));
    }

    /// A precise session computes other bits, and no less exactly; a step heeds the switch from its next run on.
    @Test
    void aStepIsPreciseWhenItsSessionIs() {
        Array[] batch = Networks.batch(Type.FLOAT32, Networks.WIDE);
        List<TensorType> types = Arrays.stream(batch).map(Array::type).toList();
        StepFunction function = (scope, in) -> List.of(Networks.wide().logits(scope, in.get(0)));
        Session session = new Session(4, Type.FLOAT32);
        Step step = session.step("infer", Mode.EVAL, function);
        Array usual = step.run(batch).get(0);
        assertThat(step.explain(types)).contains("Winograd F(4x4, 3x3): ").contains("all on kernels");
        session.setPrecise(true);
        Array precise = step.run(batch).get(0);
        assertThat(step.explain(types)).doesNotContain("Winograd");
        assertThat(precise.toDoubles()).isNotEqualTo(usual.toDoubles());
        Rounding.of(step.plan(types), Type.FLOAT32).check("logits", usual, precise);
        session.setPrecise(false);
        assertThat(step.run(batch).get(0).toDoubles()).containsExactly(usual.toDoubles());
        assertThat(step.traces()).hasSize(1);
    }

    /// What a step with a NaN in one pixel says of the others differs; run again precisely, it says where the NaN is.
    @Test
    void aNanIsTracedByRunningAStepAgainPrecisely() {
        Array[] in = {Array.zeros(TensorType.of(Type.FLOAT32, 9, 32, 12, 12))};
        in[0].set((5 * 12) + 6, Double.NaN);
        Session session = new Session(4, Type.FLOAT32);
        Step step = session.step("convolution", Mode.EVAL, (scope, x) -> {
            Tensor weight = scope.parameter("w", Role.WEIGHT, (type, _) -> Array.zeros(type), 32, 32, 3, 3);
            return List.of(Convolutions.conv2d(x.get(0), weight, null, 1, 1, 1, 1));
        });
        assertThat(nans(step.run(in).get(0))).isEqualTo(32 * 4 * 4);
        session.setPrecise(true);
        assertThat(nans(step.run(in).get(0))).isEqualTo(32 * 3 * 3);
    }

    private static long nans(Array array) {
        return Arrays.stream(array.toDoubles()).filter(Double::isNaN).count();
    }

    private static void trainsAsTheInterpreterDoes(Type type, Networks.Model model, Array... batch) {
        StepFunction function = Networks.momentum(model);
        Session eager = new Session(4, type);
        Session compiled = new Session(4, type);
        Step step = compiled.step("train", Mode.TRAIN, function);
        Rounding rounding =
                Rounding.of(step.plan(Arrays.stream(batch).map(Array::type).toList()), type);
        for (int i = 0; i < 3; i++) {
            rounding.check(
                    "loss",
                    step.run(batch).get(0),
                    eager.eagerly(Mode.TRAIN, function, batch).get(0));
        }
        compiled.states()
                .forEach(key -> rounding.check(key.path(), compiled.state(key.path()), eager.state(key.path())));
    }

    @Test
    void statesAreCopies() {
        Session session = new Session(0, Type.FLOAT64);
        Array given = Array.of(Shape.of(2), 1.0, 2);
        session.setState("w", given);
        given.set(0, 7);
        session.state("w").set(1, 7);
        assertThat(session.state("w").toDoubles()).containsExactly(1, 2);
        Step step = session.step("s", Mode.EVAL, (scope, in) -> {
            Tensor w = scope.buffer("w", TensorType.of(Type.FLOAT64, 2), (type, _) -> Array.zeros(type));
            scope.assign(w, w.times(2));
            return List.of(w);
        });
        Array before = session.state("w");
        step.run();
        session.setState("w", session.state("w"));
        assertThat(step.run().get(0).toDoubles()).containsExactly(2, 4);
        assertThat(before.toDoubles()).containsExactly(1, 2);
    }

    @Test
    void aPlaceOutsideOfItsAxisIsAnError() {
        Step step = new Session(0, Type.FLOAT32)
                .step("s", Mode.EVAL, (scope, in) -> List.of(Indexing.gather(in.get(0), 0, in.get(1))));
        Array x = Array.of(Shape.of(3), 1f, 2, 3);
        assertThat(step.run(x, Array.of(Shape.of(2), 2L, 0)).get(0).toDoubles()).containsExactly(3, 1);
        assertThatThrownBy(() -> step.run(x, Array.of(Shape.of(2), 2L, 3)))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("the place 3 at [1]");
    }

    @Test
    void aStepSaysWhatIsInterpreted() {
        Step step = new Session(0, Type.FLOAT32)
                .step(
                        "s",
                        Mode.EVAL,
                        (scope, in) -> List.of(Sorting.sort(in.get(0), 0, false).values()));
        List<TensorType> types = List.of(TensorType.of(Type.FLOAT32, 3));
        assertThat(step.explain(types)).contains("interpreted: 0 " + new Library.Sort(0, false).name());
    }

    @Test
    void resultsGoIntoArraysOfTheirTypesOnly() {
        Step step = new Session(0, Type.FLOAT32)
                .step("s", Mode.EVAL, (scope, in) -> List.of(in.get(0).plus(1)));
        Array[] results = {Array.zeros(TensorType.of(Type.FLOAT32, 2))};
        step.runInto(results, Array.of(Shape.of(2), 1f, 2));
        assertThat(results[0].toDoubles()).containsExactly(2, 3);
        assertThatThrownBy(() -> step.runInto(results, Array.of(Shape.of(3), 1f, 2, 3)))
                .hasMessageContaining("[float32[3]]");
    }
}
