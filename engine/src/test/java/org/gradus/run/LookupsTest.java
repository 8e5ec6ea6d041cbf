package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Index;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lookups and positions in many parts: the bits of the interpreter, on any number of threads, at sizes that are cut.
class LookupsTest {
    /// A table, its axis, and the sizes of what is looked up in it: many rows, long rows, one row, axes in the middle.
    @ParameterizedTest
    @CsvSource({
        "0, 97x64, 1500x64",
        "0, 97x37, 1500x37",
        "0, 5x3000, 40x3000",
        "0, 1000, 40000",
        "1, 900x51, 900x33",
        "1, 3x7x1025, 3x11x1025",
        "1, 64x40x20, 64x15x20",
        "1, 9x40x20, 8x900x5",
        "2, 30x40x9, 30x40x21",
        "1, 4x9x5, 4x2x3",
        "0, 9x4, 0x4"
    })
    void partsDoNotShow(int axis, String table, String lookedUp) {
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64, Type.INT64)) {
            Array x = random(type, shape(table));
            Array g = random(type, shape(lookedUp));
            Array places = Array.zeros(new TensorType(axis == 0 ? Type.INT32 : Type.INT64, shape(lookedUp)));
            Philox random = Philox.of(4, 5, 6);
            for (int i = 0; i < places.count(); i++) {
                places.setLong(i, Math.floorMod(random.bits(i), x.shape().size(axis)));
            }
            StepFunction function = (scope, in) -> List.of(
                    in.get(0).tracer().applyOne(new Index.Gather(axis), in.get(0), in.get(2)),
                    in.get(0).tracer().applyOne(new Index.ScatterAdd(axis, x.shape()), in.get(1), in.get(2)));
            for (int threads : new int[] {1, 2, 5}) {
                Step step = new Session(1, Type.FLOAT32, threads).step("lookups", Mode.EVAL, function);
                List<Array> first = step.run(x, g, places);
                List<Array> second = step.run(x, g, places);
                assertThat(first.get(0).toDoubles()).isEqualTo(gathered(axis, x, places));
                assertThat(bits(second.get(1))).isEqualTo(bits(first.get(1)));
                assertThat(bits(first.get(1))).isEqualTo(bits(scattered(axis, x.type(), g, places)));
            }
        }
    }

    /// The sums in order, each rounded to the type: what the definition says.
    private static Array scattered(int axis, TensorType type, Array g, Array places) {
        Array sums = Array.zeros(type);
        for (int i = 0; i < g.count(); i++) {
            int at = place(axis, type.shape(), places, i);
            sums.set(at, sums.get(at) + g.get(i));
        }
        return sums;
    }

    private static double[] gathered(int axis, Array x, Array places) {
        double[] values = new double[places.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = x.get(place(axis, x.shape(), places, i));
        }
        return values;
    }

    private static int place(int axis, Shape to, Array places, int element) {
        int rest = element;
        int at = 0;
        for (int i = to.rank() - 1; i >= 0; i--) {
            int index = rest % places.shape().size(i);
            rest /= places.shape().size(i);
            at += (i == axis ? (int) places.getLong(element) : index) * to.strides()[i];
        }
        return at;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aPlaceOutsideIsFoundInEveryPart(int threads) {
        Step step = new Session(0, Type.FLOAT32, threads)
                .step(
                        "outside",
                        Mode.EVAL,
                        (scope, in) -> List.of(in.get(0).tracer().applyOne(new Index.Gather(0), in.get(0), in.get(1))));
        Array x = random(Type.FLOAT32, Shape.of(10, 64));
        for (int wrong : new int[] {0, 777, 64 * 1000 - 1}) {
            Array places = Array.zeros(TensorType.of(Type.INT64, 1000, 64));
            step.run(x, places);
            places.setLong(wrong, 10);
            assertThatThrownBy(() -> step.run(x, places))
                    .isInstanceOf(GradusException.class)
                    .hasMessageContaining("the place 10 at [" + wrong / 64 + ", " + wrong % 64 + "]");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 70000", "0, 300x200", "1, 300x200", "1, 20x30x100", "2, 3x5x0"})
    void positionsComeInParts(int axis, String sizes) {
        TensorType type = new TensorType(Type.INT64, shape(sizes));
        int stride = type.shape().strides()[axis];
        for (int threads : new int[] {1, 4}) {
            Step step = new Session(0, Type.FLOAT32, threads)
                    .step(
                            "positions",
                            Mode.EVAL,
                            (scope, in) -> List.of(in.get(0)
                                    .tracer()
                                    .applyOne(new Source.Iota(type, axis))
                                    .times(in.get(0))));
            Array found = step.run(Array.of(Shape.of(), 1L)).get(0);
            for (int i = 0; i < found.count(); i += 7) {
                assertThat(found.getLong(i)).isEqualTo(i / stride % type.shape().size(axis));
            }
        }
    }

    private static Shape shape(String sizes) {
        return Shape.of(java.util.Arrays.stream(sizes.split("x"))
                .mapToInt(Integer::parseInt)
                .toArray());
    }

    private static Array random(Type type, Shape shape) {
        Philox random = Philox.of(1, 2, 3);
        Array values = Array.zeros(new TensorType(type, shape));
        for (int i = 0; i < values.count(); i++) {
            values.set(i, type.isFloating() ? random.normal(type, i) : Math.floorMod(random.bits(i), 1000));
        }
        return values;
    }

    private static long[] bits(Array array) {
        return java.util.Arrays.stream(array.toDoubles())
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }
}
