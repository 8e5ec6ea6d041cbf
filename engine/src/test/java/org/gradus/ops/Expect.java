package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;

/// What the tests of this package say again and again.
final class Expect {
    private Expect() {}

    /// A `float64` tensor of these sizes with the numbers 0, 1, 2 …
    static Tensor counted(int... sizes) {
        Shape shape = Shape.of(sizes);
        double[] numbers = new double[shape.count()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return Eager.tensor(shape, numbers);
    }

    /// The tensor has this shape and these numbers, to 1e-12 of each; NaN is NaN.
    static void holds(Tensor actual, Shape shape, double... numbers) {
        assertThat(actual.shape()).isEqualTo(shape);
        close(actual, 1e-12, numbers);
    }

    /// The tensor has these numbers along its one axis, to 1e-12 of each; NaN is NaN.
    static void holds(Tensor actual, double... numbers) {
        holds(actual, Shape.of(numbers.length), numbers);
    }

    /// The scalar is this number.
    static void value(Tensor actual, double number) {
        holds(actual, Shape.SCALAR, number);
    }

    static void close(Tensor actual, double tolerance, double... numbers) {
        double[] found = actual.array().toDoubles();
        assertThat(found).hasSameSizeAs(numbers);
        for (int i = 0; i < found.length; i++) {
            boolean same = Double.compare(found[i], numbers[i]) == 0
                    || found[i] == numbers[i]
                    || Math.abs(found[i] - numbers[i]) <= tolerance * Math.max(1, Math.abs(numbers[i]));
            assertThat(same)
                    .as("element %d of %s is %s and should be %s", i, actual.type(), found[i], numbers[i])
                    .isTrue();
        }
    }

    /// The call ends in an error of that kind, whose message has these words.
    static void error(String kind, ThrowingCallable call, String... words) {
        GradusException error = catchThrowableOfType(GradusException.class, call);
        assertThat(error).as("an error `%s`", kind).isNotNull();
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(List.of(words)).allMatch(word -> error.getMessage().contains(word), error.getMessage());
    }
}
