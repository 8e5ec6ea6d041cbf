package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Contract;
import org.gradus.graph.Library;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sorting and linear algebra.
class LibraryTest {
    private static final long SEED = 20250714;
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    static Stream<Case> cases() {
        long big = (1L << 53) + 1;
        return Stream.of(
                sort(false, floats(3, 1, 2), floats(1, 2, 3), 1, 2, 0),
                sort(true, floats(3, 1, 2), floats(3, 2, 1), 0, 2, 1),
                sort(false, floats(NAN, INF, -INF, NAN), floats(-INF, INF, NAN, NAN), 2, 1, 0, 3),
                sort(true, floats(1, NAN, INF, NAN), floats(NAN, NAN, INF, 1), 1, 3, 2, 0),
                sort(false, floats(0, -0.0, 1, 0), floats(0, -0.0, 0, 1), 0, 1, 3, 2),
                sort(true, floats(2, 1, 2), floats(2, 2, 1), 0, 2, 1),
                sort(false, longs(big + 1, big), longs(big, big + 1), 1, 0),
                sort(false, bools(true, false, true), bools(false, true, true), 1, 0, 2),
                sort(false, floats(), floats()),
                new Case(
                        "sort along the first axis",
                        new Library.Sort(0, false),
                        List.of(array(FLOAT32, List.of(2, 3), 4, 2, 3, 1, 5, 0)),
                        List.of(
                                array(FLOAT32, List.of(2, 3), 1, 2, 0, 4, 5, 3),
                                array(INT64, List.of(2, 3), 1, 0, 1, 0, 1, 0))),
                Case.of(
                        "cholesky takes the symmetric part",
                        new Library.Cholesky(),
                        array(FLOAT32, List.of(2, 2), 4, 3, 1, 5),
                        array(FLOAT32, List.of(2, 2), 2, 0, 1, 2)),
                Case.of(
                        "cholesky of an empty matrix",
                        new Library.Cholesky(),
                        array(FLOAT32, List.of(0, 0)),
                        array(FLOAT32, List.of(0, 0))),
                new Case(
                        "solve exchanges rows",
                        new Library.Solve(),
                        List.of(array(FLOAT32, List.of(2, 2), 0, 2, 4, 4), array(FLOAT32, List.of(2, 1), 6, 16)),
                        List.of(array(FLOAT32, List.of(2, 1), 1, 3))),
                new Case(
                        "solve for no columns",
                        new Library.Solve(),
                        List.of(array(FLOAT32, List.of(1, 1), 2), array(FLOAT32, List.of(1, 0))),
                        List.of(array(FLOAT32, List.of(1, 0)))),
                determinant("exchange", array(FLOAT64, List.of(2, 2), 0, 1, 1, 0), -1, 0),
                determinant("negative", array(FLOAT64, List.of(1, 1), -Math.E), -1, 1),
                determinant("singular", array(FLOAT64, List.of(2, 2), 1, 2, 2, 4), 0, -INF),
                determinant("zeros", array(FLOAT64, List.of(2, 2), 0, 0, 0, 0), 0, -INF),
                determinant("empty", array(FLOAT64, List.of(0, 0)), 1, 0));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void decompositionsMultiplyBack(int n) {
        Random random = new Random(SEED + n);
        Array m = noise(random, Shape.of(3, n, n));
        Array square = run(new Contract.MatMul(false, true), m, m).get(0);
        Array l = run(new Library.Cholesky(), square).get(0);
        Array product = run(new Contract.MatMul(false, true), l, l).get(0);
        assertThat(product.toDoubles())
                .as("seed %d", SEED + n)
                .containsExactly(square.toDoubles(), within(1e-13 * n * n));

        Array x = noise(random, Shape.of(3, n, 2));
        Array b = run(new Contract.MatMul(false, false), m, x).get(0);
        Array solved = run(new Library.Solve(), m, b).get(0);
        Array back = run(new Contract.MatMul(false, false), m, solved).get(0);
        assertThat(back.toDoubles()).as("seed %d", SEED + n).containsExactly(b.toDoubles(), within(1e-11 * n));

        List<Array> ofSquare = run(new Library.SignLogDet(), square);
        List<Array> once = run(new Library.SignLogDet(), m);
        for (int i = 0; i < 3; i++) {
            assertThat(ofSquare.get(0).get(i)).isEqualTo(1);
            assertThat(Math.abs(once.get(0).get(i))).isEqualTo(1);
            assertThat(ofSquare.get(1).get(i)).isCloseTo(2 * once.get(1).get(i), within(1e-9));
        }
    }

    @Test
    void whatHasNoAnswerNamesThePivot() {
        Array indefinite = array(FLOAT32, List.of(2, 2, 2), 1, 0, 0, 1, 1, 2, 2, 1);
        assertThat(refusal("not-positive-definite", new Library.Cholesky(), indefinite))
                .startsWith("cholesky: the matrix [1] of the batch [2] is not positive definite: pivot 1 (of 2, counted"
                        + " from 0) is -3.0");
        refusal("not-positive-definite", new Library.Cholesky(), array(FLOAT32, List.of(1, 1), NAN));
        Array singular = array(FLOAT32, List.of(2, 2), 1, 2, 2, 4);
        assertThat(refusal("singular", new Library.Solve(), singular, singular))
                .startsWith("solve: the matrix is singular: pivot 1 (of 2, counted from 0) is 0");
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        refusal("axis-range", new Library.Sort(-1, false), floats(1));
        refusal("square", new Library.Cholesky(), array(FLOAT32, List.of(1, 2), 1, 2));
        refusal("solve-shapes", new Library.Solve(), array(FLOAT32, List.of(1, 1), 1), floats(1));
    }

    private static Case sort(boolean descending, Array x, Array expected, long... where) {
        String name = (descending ? "sort descending " : "sort ") + x;
        return new Case(name, new Library.Sort(0, descending), List.of(x), List.of(expected, longs(where)));
    }

    private static Case determinant(String name, Array a, double sign, double log) {
        return new Case(
                "determinant: " + name,
                new Library.SignLogDet(),
                List.of(a),
                List.of(array(FLOAT64, List.of(), sign), array(FLOAT64, List.of(), log)));
    }
}
