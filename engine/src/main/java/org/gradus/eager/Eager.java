package org.gradus.eager;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.RandomStream;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// The tracer that computes at once, with the plain [Interpreter]: a breakpoint shows numbers, and Java's `if` and
/// `for` work. The static methods make the tensors to begin with.
///
/// A plain one forgets how a value came about. A recording one, from [#recorder], keeps the inputs of its nodes until
/// [#close], so that derivatives can be taken; from then on its tensors are values like any other.
///
/// A tracer belongs to one thread and knows in which layer it works. So there is no shared one: each static method
/// makes its tensor under a tracer of its own, which costs one small object, and results stay with the tracer of
/// their first input (or with the one that records). Threads may share plain tensors: all that they then change
/// together is a node counter that nobody reads outside of a recording.
public final class Eager extends Tracer {
    private final List<Node> record = new ArrayList<>();
    private boolean recording;

    /// A plain tracer.
    public Eager() {}

    /// A `float32` vector.
    public static Tensor tensor(float... values) {
        return tensor(Shape.of(values.length), values);
    }

    /// A `float64` vector.
    public static Tensor tensor(double... values) {
        return tensor(Shape.of(values.length), values);
    }

    /// An `int32` vector.
    public static Tensor tensor(int... values) {
        return tensor(Shape.of(values.length), values);
    }

    /// An `int64` vector.
    public static Tensor tensor(long... values) {
        return tensor(Shape.of(values.length), values);
    }

    /// A `bool` vector.
    public static Tensor tensor(boolean... values) {
        return tensor(Shape.of(values.length), values);
    }

    /// A `float32` tensor with these elements in row-major order, which are copied.
    public static Tensor tensor(Shape shape, float... values) {
        return tensor(Array.of(shape, values.clone()));
    }

    /// A `float64` tensor with these elements in row-major order, which are copied.
    public static Tensor tensor(Shape shape, double... values) {
        return tensor(Array.of(shape, values.clone()));
    }

    /// An `int32` tensor with these elements in row-major order, which are copied.
    public static Tensor tensor(Shape shape, int... values) {
        return tensor(Array.of(shape, values.clone()));
    }

    /// An `int64` tensor with these elements in row-major order, which are copied.
    public static Tensor tensor(Shape shape, long... values) {
        return tensor(Array.of(shape, values.clone()));
    }

    /// A `bool` tensor with these elements in row-major order, which are copied.
    public static Tensor tensor(Shape shape, boolean... values) {
        return tensor(Array.of(shape, values.clone()));
    }

    /// The tensor of an array, which is not copied.
    public static Tensor tensor(Array array) {
        return new Eager().constant(array);
    }

    /// A `float32` scalar.
    public static Tensor scalar(float value) {
        return tensor(Shape.SCALAR, value);
    }

    /// A `float64` scalar.
    public static Tensor scalar(double value) {
        return tensor(Shape.SCALAR, value);
    }

    /// A stream of random numbers outside of any step.
    ///
    /// @param use what tells this stream from the others of the seed
    public static RandomStream stream(long seed, long use) {
        return new RandomStream(tensor(seed, 0L), use);
    }

    @Override
    public boolean isRecording() {
        return recording;
    }

    @Override
    public Eager recorder() {
        if (recording) {
            return this;
        }
        Eager recorder = new Eager();
        recorder.recording = true;
        return recorder;
    }

    @Override
    public void close() {
        recording = false;
        record.forEach(Tracer::forget);
        record.clear();
    }

    @Override
    protected Tensor lift(Tensor tensor) {
        Tracer other = tensor.tracer();
        if (other == this) {
            return tensor;
        }
        if (other instanceof Trace) {
            throw new GradusException(
                    "trace-foreign",
                    "The tensor " + tensor.described()
                            + ", belongs to a graph that is being traced and has no numbers yet, but this op is computed"
                            + " at once. Do the op on tensors of the trace, or return the tensor from the traced"
                            + " function and use the result.");
        }
        if (other.isRecording()) {
            throw new GradusException(
                    "trace-foreign",
                    "The tensor " + tensor.described()
                            + ", belongs to another gradient that is still being recorded. Hand it over as an argument"
                            + " of the function that is differentiated here, or keep its numbers (`array()`) outside.");
        }
        return recording ? constant(tensor.array()) : tensor;
    }

    @Override
    protected List<@Nullable Array> values(Op op, List<Tensor> inputs, List<TensorType> types) {
        return new ArrayList<>(
                Interpreter.run(op, inputs.stream().map(Tensor::array).toList(), types));
    }

    @Override
    protected void note(Node node) {
        if (recording) {
            record.add(node);
        }
    }
}
