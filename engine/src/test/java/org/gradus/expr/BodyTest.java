package org.gradus.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTest {
    private static Body unary(java.util.function.UnaryOperator<Term> write) {
        return Formula.unary("test", write).body();
    }

    @Test
    void sharedTermsStandOnceAndUnusedOnesNot() {
        Body body = unary(x -> {
            x.exp();
            return x.tanh().plus(x.tanh());
        });
        assertThat(body.code()).hasSize(2);
        assertThat(body).hasToString("%1 = tanh %0; %2 = add %1 %1; %2");
        assertThat(body)
                .isEqualTo(unary(x -> x.tanh().plus(x.tanh())))
                .hasSameHashCodeAs(unary(x -> x.tanh().plus(x.tanh())));
    }

    @Test
    void composes() {
        Body square = unary(Term::squared);
        Body twice = Body.of(1, x -> square.applied(square.applied(x)));
        double[] registers = {3, 0, 0};
        Evaluation.run(twice, registers);
        assertThat(registers[twice.results().get(0)]).isEqualTo(81);
    }

    @Test
    void restrictsToTheArgumentsThatAreRead() {
        Body sums = Body.of(3, x -> List.of(x.get(0).plus(x.get(1)), x.get(2).exp()));
        List<Integer> read = new ArrayList<>();
        Body second = sums.restricted(sums.results().subList(1, 2), read);
        assertThat(read).containsExactly(2);
        assertThat(second).isEqualTo(unary(Term::exp));
    }

    @Test
    void numbersAndTruthValuesAreKeptApart() {
        Body mixed = unary(x -> x.less(0).plus(x));
        assertThatThrownBy(() -> mixed.truths("mixed", false)).hasMessageContaining("mixed: a bool stands");
        Body chosen = unary(x -> x.select(1, 0));
        assertThatThrownBy(() -> chosen.truths("chosen", false)).hasMessageContaining("chosen: a number stands");
        assertThat(chosen.truths("chosen", true)[chosen.results().get(0)]).isFalse();
    }

    @Test
    void termsOfTwoBodiesDoNotMix() {
        List<Term> foreign = new ArrayList<>();
        unary(x -> {
            foreign.add(x);
            return x;
        });
        assertThatThrownBy(() -> unary(x -> x.plus(foreign.get(0)))).hasMessageContaining("another body");
    }

    /// d(x y) = y dx + x dy, with nothing multiplied by 1 and nothing added to 0.
    @Test
    void derivativesAreLean() {
        Formula product = Formula.binary("mul", Term::times);
        assertThat(Derivative.reverse(product, List.of(0), List.of(0)))
                .hasToString("%4 = mul %3 %1; %4"); // arguments: x, y, result, cotangent
        assertThat(Derivative.forward(product, List.of(1), List.of(0))).hasToString("%4 = mul %3 %0; %4");
        Formula sum = Formula.binary("add", Term::plus);
        assertThat(Derivative.reverse(sum, List.of(0), List.of(0, 1))).hasToString("%3, %3");
        Formula tanh = Formula.unary("tanh", Term::tanh);
        assertThat(Derivative.reverse(tanh, List.of(0), List.of(0)).toString())
                .as("uses the result, not another tanh")
                .doesNotContain("tanh");
    }

    @Test
    void integersWrapAndDivideDown() {
        Body body = Body.of(
                2,
                x -> List.of(x.get(0).with(Code.FLOOR_DIV, x.get(1)), x.get(0).with(Code.REMAINDER, x.get(1))));
        long[] registers = {-7, 2, 0, 0};
        Evaluation.run(body, org.gradus.base.Type.INT64, registers);
        assertThat(registers).containsExactly(-7, 2, -4, 1);
    }

    /// A constant exponent becomes products, roots and quotients: as exact as a power, and with a derivative.
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "2, 1", "3, 2", "-1, 1", "-2, 2", "0.5, 2", "-0.5, 2", "2.5, 1"})
    void constantExponentsAreProducts(double exponent, int steps) {
        Formula power = Formula.unary("power", x -> x.with(Code.POW, x.literal(exponent)));
        assertThat(power.body().code().stream().filter(step -> step.code() != Code.CONSTANT))
                .hasSizeLessThanOrEqualTo(steps);
        assertThat(power.body().code().stream().anyMatch(step -> step.code() == Code.POW))
                .isEqualTo(exponent == 2.5);
        Body slope = Derivative.reverse(power, List.of(0), List.of(0));
        double[] points = {
            0.0,
            -0.0,
            1,
            -1,
            2,
            -3,
            0.7,
            1e-320,
            1e-160,
            1e-100,
            1e100,
            1e160,
            -1e200,
            Double.NaN,
            Double.POSITIVE_INFINITY
        };
        for (double x : points) {
            double truth = StrictMath.pow(x, exponent);
            double value = value(power.body(), x);
            closeTo("%s^%s".formatted(x, exponent), value, truth, 2);
            if (Double.isFinite(truth) && Double.isFinite(1 / x)) {
                double expected = exponent == 0 ? 0 : exponent * StrictMath.pow(x, exponent - 1);
                closeTo("slope of %s^%s".formatted(x, exponent), value(slope, x, value, 1), expected, 4);
            }
        }
        if (exponent * 2 % 2 == 0) {
            closeTo("power of -∞", value(power.body(), Double.NEGATIVE_INFINITY), Math.pow(-1 / 0.0, exponent), 0);
        }
    }

    private static double value(Body body, double... arguments) {
        double[] registers = Arrays.copyOf(arguments, body.registers());
        Evaluation.run(body, registers);
        return registers[body.results().get(0)];
    }

    private static void closeTo(String what, double value, double truth, int ulps) {
        boolean special = Double.isNaN(truth) || Double.isInfinite(truth) || truth == 0;
        if (special || Double.isNaN(value)) {
            assertThat(Double.valueOf(value)).as(what).isEqualTo(Double.valueOf(truth));
        } else {
            assertThat(Math.abs(value - truth)).as(what).isLessThanOrEqualTo(ulps * Math.ulp(truth));
        }
    }
}
