package org.gradus.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayTest {
    @ParameterizedTest
    @EnumSource(Type.class)
    void storesEveryType(Type type) {
        Array array = Array.zeros(TensorType.of(type, 2, 2));
        array.set(3, 1);
        assertThat(array.toDoubles()).containsExactly(0, 0, 0, 1);
        assertThat(array.getLong(3)).isEqualTo(1);
        assertThat(Array.full(TensorType.of(type, 2), 1).toLongs()).containsExactly(1, 1);
        assertThat(Type.parse(type.toString())).isEqualTo(type);
    }

    @Test
    void roundsOnceAndKeepsLargeIntegers() {
        Array single = Array.zeros(TensorType.of(Type.FLOAT32, 1));
        single.set(0, 0.1);
        assertThat(single.get(0)).isEqualTo(0.1f);
        long large = (1L << 53) + 1;
        assertThat(Array.of(Shape.of(1), large).to(Type.INT64).getLong(0)).isEqualTo(large);
        assertThat(Array.of(Shape.of(2), 2.9, -2.9).to(Type.INT32).toLongs()).containsExactly(2, -2);
        assertThat(Array.of(Shape.of(3), 0.0, 0.5, Double.NaN).to(Type.BOOL).toLongs())
                .containsExactly(0, 1, 1);
    }

    @Test
    void refusesTooFewNumbers() {
        assertThatThrownBy(() -> Array.of(Shape.of(2, 2), 1f, 2f, 3f))
                .hasMessageContaining("4")
                .hasMessageContaining("3");
    }

    @Test
    void printsHeadMeanDeviationAndNaN() {
        assertThat(Array.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6))
                .hasToString("float64[2, 3] [1, 2, 3, 4, 5, 6] mean 3.5 deviation 1.70783");
        assertThat(Array.of(Shape.of(8), 1f, 1, 1, 1, 1, 1, Float.NaN, Float.POSITIVE_INFINITY))
                .hasToString("float32[8] [1, 1, 1, 1, 1, 1, …] mean 1 deviation 0 NaN 1 infinite 1");
        assertThat(Array.of(Shape.SCALAR, 0.25)).hasToString("float64[] 0.25");
        assertThat(Array.of(Shape.of(2), true, false)).hasToString("bool[2] [true, false]");
        assertThat(Array.of(Shape.of(0), new long[0])).hasToString("int64[0] []");
        assertThat(Array.of(Shape.of(2), 1e-20, 123456789.0).head(2)).isEqualTo("[1e-20, 1.23457e+08]");
    }

    @Test
    void originsAreTheUsersLine() {
        Origin here = Origin.here();
        assertThat(here.file()).isEqualTo("ArrayTest.java");
        assertThat(here).hasToString("ArrayTest.java:" + here.line());
    }
}
