package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Contract;
import org.gradus.graph.Geometry;
import org.gradus.graph.Index;
import org.gradus.graph.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pooling by hand, and against a convolution with ones.
class WindowsTest {
    private static final long SEED = 20250712;
    private static final double NAN = Double.NaN;
    private static final Geometry PAIRS = Geometry.of(List.of(2)).strided(List.of(2));

    static Stream<Case> maxima() {
        Geometry padded = Geometry.of(List.of(3)).padded(List.of(1), List.of(1));
        return Stream.of(
                max("pairs", PAIRS, List.of(4), values(1, 2, 4, 3), List.of(2), values(2, 4), 1, 2),
                max("a rest is left out", PAIRS, List.of(5), values(1, 2, 4, 3, 9), List.of(2), values(2, 4), 1, 2),
                max("first of equals", PAIRS, List.of(4), values(2, 2, 0, -0.0), List.of(2), values(2, 0), 0, 2),
                max("NaN wins", PAIRS, List.of(4), values(NAN, 2, 9, NAN), List.of(2), values(NAN, NAN), 0, 3),
                max("padding loses", padded, List.of(2), values(-3, -5), List.of(2), values(-3, -3), 0, 0),
                max(
                        "dilated",
                        Geometry.of(List.of(2)).dilated(List.of(2)),
                        List.of(4),
                        values(1, 9, 4, 3),
                        List.of(2),
                        values(4, 9),
                        2,
                        1),
                max(
                        "positions count over the plane",
                        Geometry.of(List.of(2, 2)),
                        List.of(2, 3),
                        values(1, 2, 3, 4, 6, 5),
                        List.of(1, 2),
                        values(6, 6),
                        4,
                        4));
    }

    @ParameterizedTest
    @MethodSource("maxima")
    void maximaByHand(Case line) {
        line.check();
    }

    @Test
    void positionsRestartInEachPlane() {
        Array x = array(FLOAT32, List.of(2, 1, 2), 1, 2, 4, 3);
        List<Array> pooled = run(new Window.MaxPool(PAIRS), x);
        assertThat(pooled.get(1).toLongs()).containsExactly(1, 0);
        assertThat(run(new Index.Gather(2), x, pooled.get(1)).get(0).toDoubles())
                .containsExactly(pooled.get(0).toDoubles());
    }

    @Test
    void aWindowOfPaddingHasNoMaximum() {
        Window.MaxPool pool = new Window.MaxPool(Geometry.of(List.of(1)).padded(List.of(1), List.of(0)));
        assertThat(refusal("pool-only-padding", pool, array(FLOAT32, List.of(1, 1, 2), 1, 2)))
                .startsWith("max-pool1d: window 0 along spatial axis 0 of [1, 1, 2] sees nothing but padding");
        refusal(
                "pool-only-padding",
                new Window.MaxPool(PAIRS.padded(List.of(2), List.of(0))),
                array(FLOAT32, List.of(0, 1, 0)));
    }

    static Stream<Geometry> geometries() {
        Geometry two = Geometry.of(List.of(3, 2));
        return Stream.of(
                two,
                two.strided(List.of(2, 3)),
                two.padded(List.of(1, 1), List.of(2, 0)),
                two.dilated(List.of(2, 1)).strided(List.of(1, 2)).padded(List.of(3, 0), List.of(0, 2)));
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void sumsAreConvolutionsWithOnes(Geometry geometry) {
        Array x = noise(new Random(SEED), Shape.of(2, 3, 7, 6));
        Array ones = Array.full(TensorType.of(FLOAT64, 3, 1, 3, 2), 1);
        Array expected = run(new Contract.Convolution(geometry, 3), x, ones).get(0);
        Array sums = run(new Window.SumPool(geometry), x).get(0);
        assertThat(sums.toDoubles()).as("seed %d", SEED).containsExactly(expected.toDoubles(), within(1e-14));
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void spreadingIsTheTransposeOfSumming(Geometry geometry) {
        Random random = new Random(SEED);
        Array x = noise(random, Shape.of(2, 3, 7, 6));
        Array y = run(new Window.SumPool(geometry), x).get(0);
        Array g = noise(random, y.shape());
        Array dx = run(new Window.SumPoolInput(geometry, Shape.of(7, 6)), g).get(0);
        assertThat(dot(dx, x)).as("seed %d", SEED).isCloseTo(dot(g, y), within(1e-12 * y.count()));
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void placingIsTheTransposeOfPicking(Geometry geometry) {
        Random random = new Random(SEED);
        Array x = noise(random, Shape.of(2, 3, 7, 6));
        List<Array> pooled = run(new Window.MaxPool(geometry), x);
        Array g = noise(random, pooled.get(0).shape());
        Array dx = run(new Window.MaxPoolInput(geometry, Shape.of(7, 6)), g, pooled.get(1))
                .get(0);
        assertThat(dot(dx, x)).as("seed %d", SEED).isCloseTo(dot(g, pooled.get(0)), within(1e-12 * g.count()));
    }

    static Stream<Geometry> poolings() {
        return geometries().filter(geometry -> geometry.before().get(0) < 3);
    }

    @Test
    void emptyBatches() {
        Array none = array(FLOAT32, List.of(0, 2, 4));
        assertThat(run(new Window.MaxPool(PAIRS), none).get(1).shape()).isEqualTo(Shape.of(0, 2, 2));
        assertThat(run(new Window.SumPool(PAIRS), none).get(0).shape()).isEqualTo(Shape.of(0, 2, 2));
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        refusal("pool-rank", new Window.MaxPool(PAIRS), floats(1, 2));
        refusal("window-too-large", new Window.SumPool(PAIRS), array(FLOAT32, List.of(1, 1, 1), 1));
        refusal("pool-windows", new Window.SumPoolInput(PAIRS, Shape.of(9)), array(FLOAT32, List.of(1, 1, 1), 1));
        Array wide = array(INT64, List.of(1, 1, 2), 0, 2);
        refusal(
                "pool-positions",
                new Window.MaxPoolInput(PAIRS, Shape.of(4)),
                array(FLOAT32, List.of(1, 1, 2), 1, 2),
                wide);
        refusal("floating-needed", new Window.MaxPool(PAIRS), array(INT64, List.of(1, 1, 2), 1, 2));
    }

    private static double[] values(double... values) {
        return values;
    }

    private static Case max(
            String name,
            Geometry geometry,
            List<Integer> spatial,
            double[] x,
            List<Integer> windows,
            double[] maxima,
            double... positions) {
        return new Case(
                name,
                new Window.MaxPool(geometry),
                List.of(array(FLOAT32, plane(spatial), x)),
                List.of(array(FLOAT32, plane(windows), maxima), array(INT32, plane(windows), positions)));
    }

    private static List<Integer> plane(List<Integer> spatial) {
        return Stream.concat(Collections.nCopies(2, 1).stream(), spatial.stream())
                .toList();
    }
}
