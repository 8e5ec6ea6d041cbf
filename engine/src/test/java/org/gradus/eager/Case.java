package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Op;

/// One line of a table: an op, what it is given, and what must come out, to the last bit.
record Case(String name, Op op, List<Array> inputs, List<Array> outputs) {
    /// A line with one input and one output.
    static Case of(String name, Op op, Array input, Array output) {
        return new Case(name, op, List.of(input), List.of(output));
    }

    void check() {
        List<Array> actual = run(op, inputs.toArray(Array[]::new));
        assertThat(actual).hasSameSizeAs(outputs);
        for (int i = 0; i < outputs.size(); i++) {
            assertThat(actual.get(i).type()).isEqualTo(outputs.get(i).type());
            assertThat(actual.get(i).toDoubles()).containsExactly(outputs.get(i).toDoubles());
            assertThat(actual.get(i).toLongs()).containsExactly(outputs.get(i).toLongs());
        }
    }

    /// The op's outputs, whose types must be those inferred.
    static List<Array> run(Op op, Array... inputs) {
        List<Array> given = List.of(inputs);
        List<TensorType> types = op.infer(given.stream().map(Array::type).toList());
        List<Array> outputs = Interpreter.run(op, given, types);
        assertThat(outputs.stream().map(Array::type)).isEqualTo(types);
        return outputs;
    }

    /// The error that the op ends in, of that kind.
    static String refusal(String kind, Op op, Array... inputs) {
        try {
            run(op, inputs);
        } catch (GradusException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
            return e.getMessage();
        }
        throw new AssertionError(op + " was not refused as " + kind);
    }

    /// An array from its type, sizes and elements.
    static Array array(Type type, List<Integer> sizes, double... values) {
        Array array = Array.zeros(new TensorType(type, Shape.of(sizes)));
        assertThat(values).hasSize(array.count());
        for (int i = 0; i < values.length; i++) {
            array.set(i, values[i]);
        }
        return array;
    }

    /// A `float32` vector.
    static Array floats(double... values) {
        return array(Type.FLOAT32, List.of(values.length), values);
    }

    /// An `int64` vector.
    static Array longs(long... values) {
        return Array.of(Shape.of(values.length), values);
    }

    /// A `bool` vector.
    static Array bools(boolean... values) {
        return Array.of(Shape.of(values.length), values);
    }

    /// A `float64` array of normal numbers.
    static Array noise(RandomGenerator random, Shape shape) {
        return Array.of(shape, random.doubles(shape.count(), -2, 2).toArray());
    }

    /// The sum of the products of all elements.
    static double dot(Array a, Array b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        double sum = 0;
        for (int i = 0; i < a.count(); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }

    @Override
    public String toString() {
        return name;
    }
}
