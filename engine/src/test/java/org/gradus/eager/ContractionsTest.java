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
import org.gradus.graph.Geometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Matrix products and convolutions against their sums written out, and against each other.
class ContractionsTest {
    private static final long SEED = 20250711;

    /// A convolution of `x [images, groups · in, spatial…]` with `groups · out` channels out.
    record Line(int images, int groups, int in, int out, List<Integer> spatial, Geometry geometry) {
        Shape x() {
            return Shape.of(images, groups * in).joined(Shape.of(spatial));
        }

        Shape w() {
            return Shape.of(groups * out, in).joined(Shape.of(geometry.kernel()));
        }

        Contract.Convolution convolution() {
            return new Contract.Convolution(geometry, groups);
        }
    }

    static Stream<Line> lines() {
        Geometry two = Geometry.of(List.of(3, 2));
        return Stream.of(
                new Line(1, 1, 1, 1, List.of(1), Geometry.of(List.of(1))),
                new Line(2, 1, 3, 5, List.of(7), Geometry.of(List.of(3))),
                new Line(2, 1, 2, 3, List.of(8), Geometry.of(List.of(3)).strided(List.of(3))),
                new Line(2, 1, 2, 3, List.of(6, 5), two),
                new Line(2, 1, 2, 3, List.of(6, 5), two.padded(List.of(1, 0), List.of(2, 1))),
                new Line(1, 1, 2, 3, List.of(7, 6), two.strided(List.of(2, 3))),
                new Line(1, 1, 2, 3, List.of(7, 6), two.dilated(List.of(2, 3))),
                new Line(2, 3, 2, 2, List.of(5, 5), two.padded(List.of(1, 1), List.of(1, 1))),
                new Line(2, 4, 1, 1, List.of(5, 4), two),
                new Line(
                        2,
                        2,
                        1,
                        3,
                        List.of(9, 8),
                        two.strided(List.of(2, 2))
                                .padded(List.of(2, 1), List.of(0, 3))
                                .dilated(List.of(2, 2))),
                new Line(
                        1,
                        1,
                        2,
                        2,
                        List.of(3, 4, 3),
                        Geometry.of(List.of(2, 2, 2)).strided(List.of(1, 2, 1))),
                new Line(0, 1, 2, 3, List.of(6, 5), two),
                new Line(1, 1, 2, 0, List.of(6, 5), two),
                new Line(1, 1, 1, 1, List.of(1), Geometry.of(List.of(3)).padded(List.of(4), List.of(4))));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void convolutionIsItsSum(Line line) {
        Random random = new Random(SEED);
        Array x = noise(random, line.x());
        Array w = noise(random, line.w());
        Array y = run(line.convolution(), x, w).get(0);
        assertThat(y.toDoubles()).as("seed %d", SEED).containsExactly(summed(line, x, w, y.shape()), within(1e-13));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void theOtherTwoAreItsTransposes(Line line) {
        Random random = new Random(SEED);
        Array x = noise(random, line.x());
        Array w = noise(random, line.w());
        Array y = run(line.convolution(), x, w).get(0);
        Array g = noise(random, y.shape());
        Shape spatial = Shape.of(line.spatial());
        Array dx = run(new Contract.ConvolutionInput(line.geometry(), line.groups(), spatial), g, w)
                .get(0);
        Array dw = run(new Contract.ConvolutionWeight(line.geometry(), line.groups()), x, g)
                .get(0);
        assertThat(dot(dx, x)).as("seed %d", SEED).isCloseTo(dot(y, g), within(1e-12 * (1 + y.count())));
        assertThat(dot(dw, w)).as("seed %d", SEED).isCloseTo(dot(y, g), within(1e-12 * (1 + y.count())));
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 4", "1, 1, 1", "5, 1, 7", "1, 13, 1", "0, 3, 2", "2, 0, 3", "2, 3, 0", "17, 19, 23"})
    void matrixProductsInAllFourForms(int m, int k, int n) {
        Random random = new Random(SEED);
        for (boolean left : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                Array a = noise(random, left ? Shape.of(2, k, m) : Shape.of(2, m, k));
                Array b = noise(random, right ? Shape.of(2, n, k) : Shape.of(2, k, n));
                double[] expected = new double[2 * m * n];
                for (int i = 0; i < expected.length; i++) {
                    int batch = i / (m * n);
                    int row = i / n % m;
                    int column = i % n;
                    for (int j = 0; j < k; j++) {
                        expected[i] += a.get(batch * m * k + (left ? j * m + row : row * k + j))
                                * b.get(batch * k * n + (right ? column * k + j : j * n + column));
                    }
                }
                Array y = run(new Contract.MatMul(left, right), a, b).get(0);
                assertThat(y.toDoubles()).as("seed %d", SEED).containsExactly(expected, within(1e-13));
            }
        }
    }

    @Test
    void matrixProductByHand() {
        Array a = array(FLOAT32, List.of(2, 3), 1, 2, 3, 4, 5, 6);
        Array b = array(FLOAT32, List.of(3, 2), 1, 0, 0, 1, 1, 1);
        new Case(
                        "by hand",
                        new Contract.MatMul(false, false),
                        List.of(a, b),
                        List.of(array(FLOAT32, List.of(2, 2), 4, 5, 10, 11)))
                .check();
    }

    @Test
    void float32IsRoundedOnce() {
        Array ones = array(FLOAT32, List.of(3, 1), 1, 1, 1);
        Array x = array(FLOAT32, List.of(1, 3), 1, 0x1p-24, 0x1p-24);
        assertThat(run(new Contract.MatMul(false, false), x, ones).get(0).get(0))
                .isEqualTo(1 + 0x1p-23);
    }

    @Test
    void notANumberStays() {
        Array x = array(FLOAT32, List.of(1, 2), Double.NaN, 1);
        Array zeros = array(FLOAT32, List.of(2, 1), 0, 0);
        assertThat(run(new Contract.MatMul(false, false), x, zeros).get(0).get(0))
                .isNaN();
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        Array a = array(FLOAT32, List.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertThat(refusal("matmul-inner-size", new Contract.MatMul(false, false), a, a))
                .contains("[2, 3] has 3", "[2, 3] takes 2");
        refusal("rank", new Contract.MatMul(false, false), floats(1), a);
        refusal(
                "matmul-batch",
                new Contract.MatMul(false, true),
                array(FLOAT32, List.of(1, 1, 1), 1),
                array(FLOAT32, List.of(1, 1), 1));
        Geometry geometry = Geometry.of(List.of(2));
        Array x = array(FLOAT32, List.of(1, 2, 2), 1, 2, 3, 4);
        Array w = array(FLOAT32, List.of(1, 1, 2), 1, 2);
        refusal("conv-channels", new Contract.Convolution(geometry, 1), x, w);
        refusal("conv-kernel", new Contract.Convolution(Geometry.of(List.of(1)), 2), x, w);
        Array both = array(FLOAT32, List.of(2, 1, 2), 1, 2, 3, 4);
        Array w1 = array(FLOAT32, List.of(1, 1, 1), 1);
        refusal("conv-channels", new Contract.ConvolutionInput(geometry, 0, Shape.of(3)), both, both);
        refusal("conv-channels", new Contract.ConvolutionWeight(geometry, 0), x, w1);
        refusal("window-too-large", new Contract.Convolution(geometry.dilated(List.of(2)), 2), x, both);
    }

    /// The sum as books write it: over all input channels of the group and all taps, of a padded input.
    private static double[] summed(Line line, Array x, Array w, Shape y) {
        Shape windows = y.part(2, y.rank());
        Shape kernel = Shape.of(line.geometry().kernel());
        double[] sums = new double[y.count()];
        for (int i = 0; i < sums.length; i++) {
            int[] window = index(windows, i % windows.count());
            int out = i / windows.count() % y.size(1);
            int image = i / windows.count() / y.size(1);
            for (int c = 0; c < line.in(); c++) {
                for (int tap = 0; tap < kernel.count(); tap++) {
                    int channel = out / line.out() * line.in() + c;
                    double value = padded(line, x, image, channel, window, index(kernel, tap));
                    sums[i] += value * w.get((out * line.in() + c) * kernel.count() + tap);
                }
            }
        }
        return sums;
    }

    private static double padded(Line line, Array x, int image, int channel, int[] window, int[] tap) {
        Geometry g = line.geometry();
        int position = image * x.shape().size(1) + channel;
        for (int axis = 0; axis < tap.length; axis++) {
            int size = line.spatial().get(axis);
            int at = window[axis] * g.stride().get(axis)
                    + tap[axis] * g.dilation().get(axis)
                    - g.before().get(axis);
            if (at < 0 || at >= size) {
                return 0;
            }
            position = position * size + at;
        }
        return x.get(position);
    }

    private static int[] index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        for (int axis = shape.rank() - 1, rest = position; axis >= 0; axis--) {
            index[axis] = rest % shape.size(axis);
            rest /= shape.size(axis);
        }
        return index;
    }
}
