package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Scan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Running results along an axis.
class ScansTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    static Stream<Case> cases() {
        long big = (1L << 53) + 1;
        return Stream.of(
                line("sum", new Scan.Recurrence(0, false), floats(1, 1, 1), floats(1, 2, 3), floats(1, 3, 6)),
                line(
                        "sum from the end",
                        new Scan.Recurrence(0, true),
                        floats(1, 1, 1),
                        floats(1, 2, 3),
                        floats(6, 5, 3)),
                line("product", new Scan.Recurrence(0, false), floats(9, 2, 3), floats(5, 0, 0), floats(5, 10, 30)),
                line(
                        "carried on in double",
                        new Scan.Recurrence(0, false),
                        floats(1, 1, 1),
                        floats(1, 0x1p-24, 0x1p-24),
                        floats(1, 1, 1 + 0x1p-23)),
                line("of int64", new Scan.Recurrence(0, false), longs(0, 1), longs(big, 2), longs(big, big + 2)),
                line("of nothing", new Scan.Recurrence(0, false), floats(), floats(), floats()),
                line(
                        "of no lines",
                        new Scan.Recurrence(1, false),
                        array(FLOAT32, List.of(0, 2)),
                        array(FLOAT32, List.of(0, 2)),
                        array(FLOAT32, List.of(0, 2))),
                line(
                        "along the first axis",
                        new Scan.Recurrence(0, false),
                        array(FLOAT32, List.of(2, 2), 7, 7, 2, 3),
                        array(FLOAT32, List.of(2, 2), 1, 2, 3, 4),
                        array(FLOAT32, List.of(2, 2), 1, 2, 5, 10)),
                line(
                        "along the last axis, from the end",
                        new Scan.Recurrence(1, true),
                        array(FLOAT32, List.of(2, 2), 2, 7, 3, 7),
                        array(FLOAT32, List.of(2, 2), 1, 2, 3, 4),
                        array(FLOAT32, List.of(2, 2), 5, 2, 15, 4)),
                Case.of(
                        "log-sum of infinities",
                        new Scan.CumLogSumExp(0, false),
                        floats(-INF, -INF, 3, INF, 1),
                        floats(-INF, -INF, 3, INF, INF)),
                Case.of(
                        "log-sum with NaN",
                        new Scan.CumLogSumExp(0, false),
                        floats(1, Double.NaN, 1),
                        floats(1, Double.NaN, Double.NaN)),
                Case.of("log-sum of nothing", new Scan.CumLogSumExp(0, true), floats(), floats()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @Test
    void logSumsAreThoseOfTheirFormula() {
        Array x = Array.of(Shape.of(2, 3), 1.0, 2, 3, 1000, 1001, -1000);
        double[] forward = run(new Scan.CumLogSumExp(1, false), x).get(0).toDoubles();
        double two = Math.log(Math.exp(1) + Math.exp(2));
        double three = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
        double high = 1001 + Math.log1p(Math.exp(-1));
        assertThat(forward).containsExactly(new double[] {1, two, three, 1000, high, high}, within(1e-12));
        double[] backward = run(new Scan.CumLogSumExp(1, true), x).get(0).toDoubles();
        double last = Math.log(Math.exp(2) + Math.exp(3));
        assertThat(backward).containsExactly(new double[] {three, last, 3, high, 1001, -1000}, within(1e-12));
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        refusal("axis-range", new Scan.Recurrence(-1, false), floats(1), floats(1));
        refusal("recurrence-shapes", new Scan.Recurrence(0, false), floats(1), floats(1, 2));
        refusal("mixed-types", new Scan.Recurrence(0, false), floats(1), longs(1));
        refusal("floating-needed", new Scan.CumLogSumExp(0, false), longs(1));
    }

    private static Case line(String name, Scan op, Array a, Array b, Array expected) {
        return new Case("recurrence: " + name, op, List.of(a, b), List.of(expected));
    }
}
