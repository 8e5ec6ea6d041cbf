package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.gradus.base.Type;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Turned matrices against their definition, at awkward sizes, from rows and matrices that lie apart, and what lies
/// around the result untouched.
class TranspositionTest {
    private static final int[] SIZES = {0, 1, 2, 7, 8, 9, 15, 17, 31, 33, 131};
    private static final int FROM = 5;
    private static final int TO = 3;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
    void rowsBecomeColumns(Type type) {
        for (int rows : SIZES) {
            for (int columns : SIZES) {
                check(type, 1, rows, columns, 0, columns);
                check(type, 3, rows, columns, rows * (columns + 2) + 1, columns + 2);
            }
        }
        check(type, 67, 33, 131, 33 * 131, 131); // in parts
    }

    private static void check(Type type, int batch, int rows, int columns, int distance, int step) {
        Object x = Forms.random(type, FROM + batch * (distance + rows * step) + 1, new Random(1), false);
        int count = batch * rows * columns;
        Object y = Forms.random(type, TO + count + 4, new Random(2), false);
        Object before = Forms.random(type, TO + count + 4, new Random(2), false);
        new Transposition(type, batch, rows, columns, distance, step)
                .bind(x, FROM, y, TO)
                .run();
        for (int i = 0; i < TO + count + 4; i++) {
            int at = i - TO;
            long expected = at < 0 || at >= count
                    ? Forms.bits(before, i)
                    : Forms.bits(
                            x,
                            FROM + at / (rows * columns) * distance + at % rows * step + at % (rows * columns) / rows);
            assertThat(Forms.bits(y, i))
                    .as("%s %d x %d x %d, element %d", type, batch, rows, columns, at)
                    .isEqualTo(expected);
        }
    }
}
