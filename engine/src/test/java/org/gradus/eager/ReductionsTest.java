package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.graph.Reduce;
import org.gradus.graph.Reduce.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Folds over axes: orders, accumulation, NaN and ties.
class ReductionsTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final Array CUBE = array(FLOAT32, List.of(2, 3, 2), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    static Stream<Case> cases() {
        long big = (1L << 53) + 1;
        return Stream.of(
                line(Kind.SUM, List.of(0), CUBE, array(FLOAT32, List.of(1, 3, 2), 8, 10, 12, 14, 16, 18)),
                line(Kind.SUM, List.of(1), CUBE, array(FLOAT32, List.of(2, 1, 2), 9, 12, 27, 30)),
                line(Kind.SUM, List.of(0, 2), CUBE, array(FLOAT32, List.of(1, 3, 1), 18, 26, 34)),
                line(Kind.SUM, List.of(0, 1, 2), CUBE, array(FLOAT32, List.of(1, 1, 1), 78)),
                line(Kind.SUM, List.of(0), floats(1, 0x1p-24, 0x1p-24), floats(1 + 0x1p-23)),
                line(Kind.SUM, List.of(0), floats(), floats(0)),
                line(Kind.SUM, List.of(1), array(FLOAT32, List.of(0, 3)), array(FLOAT32, List.of(0, 1))),
                line(Kind.SUM, List.of(0), floats(INF, -INF), floats(NAN)),
                line(Kind.SUM, List.of(0), longs(big, 2), longs(big + 2)),
                line(
                        Kind.SUM,
                        List.of(0),
                        array(INT32, List.of(2), Integer.MAX_VALUE, 1),
                        array(INT32, List.of(1), Integer.MIN_VALUE)),
                line(Kind.PROD, List.of(2), CUBE, array(FLOAT32, List.of(2, 3, 1), 2, 12, 30, 56, 90, 132)),
                line(Kind.PROD, List.of(0), floats(), floats(1)),
                line(Kind.PROD, List.of(0), longs(3, big), longs(3 * big)),
                line(Kind.MAX, List.of(0), floats(-3, -1, -2), floats(-1)),
                line(Kind.MAX, List.of(0), floats(1, NAN, 3), floats(NAN)),
                line(Kind.MAX, List.of(0), floats(-INF), floats(-INF)),
                line(Kind.MAX, List.of(0), longs(big, big + 1), longs(big + 1)),
                line(Kind.MIN, List.of(1), CUBE, array(FLOAT32, List.of(2, 1, 2), 1, 2, 7, 8)),
                line(Kind.MIN, List.of(0), floats(1, NAN, 3), floats(NAN)),
                line(Kind.MIN, List.of(0), longs(big, Long.MIN_VALUE), longs(Long.MIN_VALUE)),
                line(Kind.ARGMAX, List.of(1), CUBE, array(INT64, List.of(2, 1, 2), 2, 2, 2, 2)),
                line(Kind.ARGMAX, List.of(0), floats(1, 3, 3), longs(1)),
                line(Kind.ARGMAX, List.of(0), floats(-0.0, 0), longs(0)),
                line(Kind.ARGMAX, List.of(0), floats(1, NAN, INF, NAN), longs(1)),
                line(Kind.ARGMAX, List.of(0), longs(big, big + 1, big), longs(1)),
                line(Kind.ARGMAX, List.of(1), array(FLOAT32, List.of(0, 3)), array(INT64, List.of(0, 1))),
                line(Kind.ARGMIN, List.of(0), floats(2, 1, 1), longs(1)),
                line(Kind.ARGMIN, List.of(0), floats(1, NAN, -INF, NAN), longs(1)),
                line(Kind.ARGMIN, List.of(0), longs(0, Long.MIN_VALUE, Long.MIN_VALUE), longs(1)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @Test
    void axesAreCountedFromTheFrontAndNotEmpty() {
        refusal("axis-range", new Reduce(Kind.SUM, List.of(-1)), CUBE);
        refusal("axis-range", new Reduce(Kind.SUM, List.of(3)), CUBE);
        refusal("arg-axes", new Reduce(Kind.ARGMAX, List.of(0, 1)), CUBE);
        refusal("number-needed", new Reduce(Kind.SUM, List.of(0)), bools(true));
        assertThat(refusal("reduce-empty", new Reduce(Kind.MAX, List.of(0)), floats()))
                .startsWith("max: axis 0 of [0] is empty");
    }

    private static Case line(Kind kind, List<Integer> axes, Array x, Array expected) {
        return Case.of(kind + " of " + x + " over " + axes, new Reduce(kind, axes), x, expected);
    }
}
