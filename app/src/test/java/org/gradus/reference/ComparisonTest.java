package org.gradus.reference;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The judge is judged first.
class ComparisonTest {
    @ParameterizedTest
    @CsvSource({"1, 1.0000000009", "NaN, NaN", "-Infinity, -Infinity", "0, -0", "1e-300, 1.0000000009e-300"})
    void takesTheseForEqual(double expected, double actual) {
        assertThatCode(() -> Comparison.equal("y", number(expected), number(actual)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0000000011",
        "1, NaN",
        "NaN, 1",
        "Infinity, -Infinity",
        "Infinity, 1e308",
        "1, Infinity",
        "Infinity, NaN",
        "0, 1e-300",
        "1e-300, 0",
        "1e-300, 1.0000000011e-300"
    })
    void takesTheseForDifferent(double expected, double actual) {
        assertThatThrownBy(() -> Comparison.equal("y", number(expected), number(actual)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 of 1 elements differ");
    }

    @Test
    void integersMustBeTheSameAndTypesToo() {
        Shape one = Shape.of(1);
        assertThatThrownBy(() -> Comparison.equal("y", Array.of(one, 1L << 60), Array.of(one, (1L << 60) + 1)))
                .hasMessageContaining("differ");
        assertThatThrownBy(() -> Comparison.equal("y", Array.of(one, 1L), Array.of(one, 1)))
                .hasMessageContaining("y is int32[1], but should be int64[1]");
    }

    @Test
    void allowsForTheErrorOfWhatIsStored() {
        assertThatCode(() -> Comparison.equal("y", number(0), number(1e-16), _ -> 2e-16))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Comparison.equal("y", number(0), number(1e-16), _ -> 0.5e-16))
                .hasMessageContaining("differ");
    }

    private static Array number(double value) {
        return Array.of(Shape.SCALAR, value);
    }
}
