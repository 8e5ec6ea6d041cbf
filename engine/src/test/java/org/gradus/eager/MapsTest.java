package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.MapOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Elementwise ops: rounding, integers, truth values, casts.
class MapsTest {
    private static final Formula ADD = Formula.binary("add", Term::plus);
    private static final Formula FLOOR_DIV = binary(Code.FLOOR_DIV);
    private static final Formula CAST = Formula.unary("cast", x -> x);
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    static Stream<Case> cases() {
        return Stream.of(
                map("add", ADD, FLOAT32, floats(1, 1.5, 1), floats(2, -2, 3), floats(3, -0.5, 4)),
                map("of nothing", ADD, FLOAT32, floats(), floats(), floats()),
                map("NaN stays", binary(Code.MAX), FLOAT32, floats(1, NAN, 3), floats(NAN, 1, 2), floats(NAN, NAN, 3)),
                map("max of ints", binary(Code.MAX), INT64, longs(-3, 1L << 60), longs(2, 1), longs(2, 1L << 60)),
                map("beyond 2^53", ADD, INT64, longs((1L << 53) + 1), longs(2), longs((1L << 53) + 3)),
                map("wraps at 64 bits", ADD, INT64, longs(Long.MAX_VALUE), longs(1), longs(Long.MIN_VALUE)),
                map(
                        "quotients round down",
                        FLOOR_DIV,
                        INT32,
                        array(INT32, List.of(4), 7, -7, 7, -7),
                        array(INT32, List.of(4), 2, 2, -2, -2),
                        array(INT32, List.of(4), 3, -4, -4, 3)),
                map(
                        "remainders have the divisor's sign",
                        binary(Code.REMAINDER),
                        INT64,
                        longs(7, -7, 7, -7),
                        longs(3, 3, -3, -3),
                        longs(1, 2, -2, -1)),
                map(
                        "remainders of floats",
                        binary(Code.REMAINDER),
                        FLOAT32,
                        floats(7.5, -7.5, 7.5, -7.5, 1),
                        floats(2, 2, -2, -2, 0),
                        floats(1.5, 0.5, -0.5, -1.5, NAN)),
                map(
                        "comparisons give bool",
                        binary(Code.LESS),
                        FLOAT32,
                        floats(1, 2, NAN),
                        floats(2, 2, 2),
                        bools(true, false, false)),
                map(
                        "logic",
                        binary(Code.XOR),
                        INT32,
                        bools(true, true, false, false),
                        bools(true, false, true, false),
                        bools(false, true, true, false)),
                Case.of(
                        "sign",
                        new MapOp(Formula.unary("sign", x -> x.with(Code.SIGN)), FLOAT32),
                        floats(-3, 0, 7, NAN, INF),
                        floats(-1, 0, 1, 0, 1)),
                Case.of(
                        "no arithmetic between",
                        new MapOp(Formula.unary("half", x -> x.plus(0x1p-25).minus(x)), FLOAT32),
                        floats(1),
                        floats(0x1p-25)),
                Case.of(
                        "32 bits at every step",
                        new MapOp(Formula.unary("square", x -> x.squared().with(Code.FLOOR_DIV, x)), INT32),
                        array(INT32, List.of(2), 65536, 46341),
                        array(INT32, List.of(2), 0, -46341)),
                cast("cuts off", FLOAT32, floats(1.9, -1.9, NAN), longs(1, -1, 0)),
                cast("clips to int32", FLOAT32, floats(3e9, -INF), ints(Integer.MAX_VALUE, Integer.MIN_VALUE)),
                cast("keeps low bits", INT64, longs((1L << 32) + 5), ints(5)),
                cast("rounds once", FLOAT64, Array.of(Shape.of(1), 1 + 0x1p-24 + 0x1p-50), floats(1 + 0x1p-23)),
                cast("to float64", INT64, longs(1L << 53), Array.of(Shape.of(1), 0x1p53)),
                Case.of(
                        "cast from bool",
                        new MapOp(Formula.unary("cast", x -> x.select(1, 0)), FLOAT32),
                        bools(true, false),
                        floats(1, 0)),
                Case.of(
                        "cast to bool",
                        new MapOp(Formula.unary("cast", x -> x.same(0).not()), FLOAT32),
                        floats(0, -0.0, 0.5, NAN),
                        bools(false, false, true, true)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @Test
    void severalResultsOfMixedTypes() {
        Formula formula = Formula.of(
                "split",
                Body.of(2, x -> List.of(x.get(0).plus(x.get(1)), x.get(0).less(x.get(1)), x.get(0))));
        List<Array> outputs = run(new MapOp(formula, FLOAT32), floats(1, 2), floats(3, 1));
        assertThat(outputs.get(0).toDoubles()).containsExactly(4, 3);
        assertThat(outputs.get(1).storage()).isEqualTo(new boolean[] {true, false});
        assertThat(outputs.get(2).toDoubles()).containsExactly(1, 2);
    }

    @Test
    void choosesBetweenTensors() {
        Formula where = Formula.of("where", Body.of(3, x -> List.of(x.get(0).select(x.get(1), x.get(2)))));
        List<Array> outputs = run(new MapOp(where, FLOAT32), bools(true, false), floats(1, NAN), floats(NAN, 2));
        assertThat(outputs.get(0).toDoubles()).containsExactly(1, 2);
    }

    @Test
    void dividingIntegersByZeroNamesThePlace() {
        Array ones = array(INT64, List.of(2, 2), 1, 1, 1, 1);
        Array divisors = array(INT64, List.of(2, 2), 1, 1, 0, 1);
        assertThat(refusal("divide-by-zero", new MapOp(FLOOR_DIV, INT64), ones, divisors))
                .startsWith("FLOOR_DIV: divides an integer by 0 at [1, 0].");
        refusal("divide-by-zero", new MapOp(binary(Code.REMAINDER), INT64), ones, divisors);
    }

    @Test
    void shapesAndTypesAreRefusedByInfer() {
        refusal("map-shapes", new MapOp(ADD, FLOAT32), floats(1), floats(1, 2));
        refusal("floating-needed", new MapOp(binary(Code.DIV), INT64), longs(1), longs(2));
        refusal("map-truth", new MapOp(ADD, FLOAT32), bools(true), floats(1));
    }

    private static Formula binary(Code code) {
        return Formula.binary(code.name(), (a, b) -> a.with(code, b));
    }

    private static Case map(String name, Formula formula, Type type, Array a, Array b, Array expected) {
        return new Case(name, new MapOp(formula, type), List.of(a, b), List.of(expected));
    }

    private static Case cast(String name, Type from, Array x, Array expected) {
        assertThat(x.type().type()).isEqualTo(from);
        return Case.of("cast " + name, new MapOp(CAST, expected.type().type()), x, expected);
    }

    private static Array ints(int... values) {
        return Array.of(Shape.of(values.length), values);
    }
}
