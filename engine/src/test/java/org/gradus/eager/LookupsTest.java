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
import org.gradus.graph.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gathering and scattering, by hand and as transposes of each other.
class LookupsTest {
    private static final long SEED = 20250713;
    private static final Array X = array(FLOAT32, List.of(2, 3), 1, 2, 3, 4, 5, 6);

    static Stream<Case> cases() {
        long big = (1L << 53) + 1;
        Array ones = array(FLOAT32, List.of(2, 2), 1, 0x1p-24, 0x1p-24, 5);
        return Stream.of(
                line(
                        "rows",
                        new Index.Gather(0),
                        X,
                        array(INT64, List.of(1, 3), 1, 0, 1),
                        array(FLOAT32, List.of(1, 3), 4, 2, 6)),
                line(
                        "columns",
                        new Index.Gather(1),
                        X,
                        array(INT32, List.of(2, 2), 2, 2, 0, 1),
                        array(FLOAT32, List.of(2, 2), 3, 3, 4, 5)),
                line(
                        "a part of the rows",
                        new Index.Gather(1),
                        X,
                        array(INT64, List.of(1, 1), 1),
                        array(FLOAT32, List.of(1, 1), 2)),
                line("more than there are", new Index.Gather(0), longs(big, 7), longs(0, 0, 1), longs(big, big, 7)),
                line("nothing", new Index.Gather(0), floats(1), longs(), floats()),
                line("of bool", new Index.Gather(0), bools(true, false), longs(1, 0), bools(false, true)),
                line(
                        "sums in double",
                        new Index.ScatterAdd(1, Shape.of(2, 2)),
                        ones,
                        array(INT64, List.of(2, 2), 1, 1, 1, 0),
                        array(FLOAT32, List.of(2, 2), 0, 1, 5, 0x1p-24)),
                line(
                        "sums rounded once",
                        new Index.ScatterAdd(0, Shape.of(1)),
                        floats(1, 0x1p-24, 0x1p-24),
                        longs(0, 0, 0),
                        floats(1 + 0x1p-23)),
                line("of int64", new Index.ScatterAdd(0, Shape.of(2)), longs(big, 2), longs(1, 1), longs(0, big + 2)),
                line("of nothing", new Index.ScatterAdd(0, Shape.of(2)), floats(), longs(), floats(0, 0)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @Test
    void eachIsTheOthersTranspose() {
        Random random = new Random(SEED);
        Array x = noise(random, Shape.of(4, 5, 3));
        Array g = noise(random, Shape.of(4, 7, 2));
        Array places = Array.of(g.shape(), random.longs(g.count(), 0, 5).toArray());
        Array y = run(new Index.Gather(1), x, places).get(0);
        Array dx = run(new Index.ScatterAdd(1, x.shape()), g, places).get(0);
        assertThat(dot(dx, x)).as("seed %d", SEED).isCloseTo(dot(g, y), within(1e-12));
    }

    @Test
    void aPlaceOutsideIsNamed() {
        Array places = array(INT64, List.of(1, 3), 0, 2, 1);
        assertThat(refusal("index-range", new Index.Gather(0), X, places))
                .isEqualTo("gather: the place 2 at [0, 1] is outside of axis 0 of [2, 3], which has 2 elements, counted"
                        + " from 0. Look at the labels or tokens that the places come from.");
        refusal("index-range", new Index.Gather(0), floats(1), longs(-1));
        refusal("index-range", new Index.Gather(0), floats(1), longs(1L << 32));
        refusal("index-range", new Index.Gather(0), floats(), longs(0));
        assertThat(refusal("index-range", new Index.ScatterAdd(0, Shape.of(2)), floats(1), longs(2)))
                .contains("scatter-add: the place 2 at [0]");
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        refusal("axis-range", new Index.Gather(-1), X, array(INT64, List.of(1, 1), 0));
        refusal("integer-needed", new Index.Gather(0), X, X);
        refusal("gather-shapes", new Index.Gather(1), X, array(INT64, List.of(3, 1), 0, 0, 0));
        refusal("scatter-shapes", new Index.ScatterAdd(0, Shape.of(3)), floats(1, 2), longs(0));
    }

    private static Case line(String name, Index op, Array x, Array places, Array expected) {
        return new Case(op.name() + " " + name, op, List.of(x, places), List.of(expected));
    }
}
