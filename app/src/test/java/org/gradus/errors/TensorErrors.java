package org.gradus.errors;

import static org.gradus.eager.Eager.scalar;
import static org.gradus.eager.Eager.tensor;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.Forward;
import org.gradus.autodiff.GradientCheck;
import org.gradus.autodiff.Reverse;
import org.gradus.autodiff.Sweeps;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.expr.Formula;
import org.gradus.graph.Contract;
import org.gradus.graph.Definition;
import org.gradus.graph.Geometry;
import org.gradus.graph.Index;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.graph.View;
import org.gradus.graph.Window;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Indexing;
import org.gradus.ops.Linalg;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;

/// The errors of tensors, shapes, types and derivatives.
final class TensorErrors {
    private static final Tensor VECTOR = tensor(1.0, 2.0, 3.0);
    private static final Tensor MATRIX = tensor(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);
    private static final Tensor IMAGE = tensor(Array.zeros(TensorType.of(Type.FLOAT64, 1, 3, 4, 4)));
    private static final Geometry THREE = Geometry.of(List.of(3, 3));

    private TensorErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(shapes(), types(), contractions(), lookups(), numbers(), tracing(), derivatives())
                .flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> shapes() {
        return Stream.of(
                entry(
                        "broadcast",
                        "Two shapes of an elementwise op or of matmul's batch axes differ where neither is 1.",
                        "Reshape one of them so that axes meet from the end.",
                        () -> MATRIX.plus(tensor(1.0, 2.0))),
                entry(
                        "broadcast-to",
                        "A tensor is to be repeated to a shape that it does not fit.",
                        "Each size, counted from the end, must be equal or 1.",
                        () -> VECTOR.broadcastTo(Shape.of(2))),
                entry(
                        "reshape-count",
                        "A new shape has another number of elements than the tensor.",
                        "Let one size follow with -1.",
                        () -> MATRIX.reshape(4, 2)),
                entry(
                        "permute-order",
                        "An order of axes misses one or names one twice.",
                        "Name each axis once.",
                        () -> MATRIX.permute(0, 0)),
                entry(
                        "slice-range",
                        "A slice reaches beyond an axis.",
                        "`Views.slice` clips as Python does; `Views.narrow` does not.",
                        () -> op(new View.Slice(List.of(2), List.of(2), List.of(1)), VECTOR)),
                entry(
                        "pad-amounts",
                        "Padding is negative, or not one number per axis.",
                        "Give one number >= 0 for each axis; slice to cut.",
                        () -> op(new View.Pad(List.of(-1), List.of(0), List.of(0), 0), VECTOR)),
                entry(
                        "concat-shapes",
                        "Tensors to join differ on another axis than the one they are joined along.",
                        "Bring the other axes to one size first.",
                        () -> Views.concat(0, MATRIX, VECTOR)),
                entry(
                        "axis-range",
                        "A tensor has no such axis.",
                        "Axes count from 0, or from -1 at the end.",
                        () -> MATRIX.sum(2)),
                entry(
                        "axis-twice",
                        "An axis is named twice.",
                        "Name it once; negative axes count from the end.",
                        () -> MATRIX.sum(1, -1)),
                entry("shape-negative", "A size is negative.", "Only `reshape` takes -1, once.", () -> Shape.of(2, -3)),
                entry(
                        "shape-too-large",
                        "A tensor would have more than 2^31 - 1 elements.",
                        "Split it, or use a smaller batch.",
                        () -> Shape.of(70_000, 70_000)),
                entry(
                        "array-length",
                        "Numbers do not fill their shape.",
                        "Give as many numbers as the shape has elements.",
                        () -> tensor(Shape.of(2, 2), 1.0, 2.0, 3.0)),
                entry(
                        "item-count",
                        "`item()` is asked of a tensor with many elements.",
                        "Reduce it first, or read `array()`.",
                        () -> VECTOR.item()),
                entry(
                        "map-shapes",
                        "An elementwise op was applied to unequal shapes without broadcasting.",
                        "Use `Tensor.map`, which broadcasts.",
                        () -> Eager.tensor(1.0)
                                .tracer()
                                .apply(
                                        new MapOp(Formula.binary("add", (a, b) -> a.plus(b)), Type.FLOAT64),
                                        List.of(VECTOR, MATRIX))),
                entry(
                        "input-count",
                        "An op is given too few or too many inputs.",
                        "Give as many as the op's comment names.",
                        () -> op(new Contract.MatMul(false, false), MATRIX)),
                entry(
                        "rank",
                        "An op needs more axes.",
                        "Add axes of size 1 with `reshape` or `Views.unsqueeze`; `Products.matmul` takes vectors.",
                        () -> VECTOR.matmul(MATRIX)),
                entry(
                        "reduce-empty",
                        "A maximum or minimum of nothing is asked for.",
                        "Check the size first, or pad with a neutral value.",
                        () -> Reductions.amax(tensor(Array.zeros(TensorType.of(Type.FLOAT32, 2, 0))), 1)),
                entry(
                        "arg-axes",
                        "A position along several axes is asked for.",
                        "Flatten them into one axis first.",
                        () -> op(new Reduce(Reduce.Kind.ARGMAX, List.of(0, 1)), MATRIX)),
                entry(
                        "recurrence-shapes",
                        "Factors and summands of a recurrence differ in shape.",
                        "Broadcast one of them.",
                        () -> op(new Scan.Recurrence(0, false), VECTOR, tensor(1.0, 2.0))));
    }

    private static Stream<ErrorEntry> types() {
        return Stream.of(
                entry(
                        "mixed-types",
                        "Two number types meet in one op.",
                        "Cast one of them: nothing is converted silently.",
                        () -> VECTOR.plus(tensor(1f, 2f, 3f))),
                entry(
                        "floating-needed",
                        "An op that works on floats is given integers.",
                        "Cast with `x.to(Type.FLOAT32)`.",
                        () -> tensor(1, 2).exp()),
                entry(
                        "whole-needed",
                        "A number with a fraction meets an integer tensor.",
                        "Cast the tensor with `x.to(Type.FLOAT32)`, or use a whole number.",
                        () -> tensor(1, 2).plus(0.5)),
                entry(
                        "number-needed",
                        "An op that works on numbers is given a bool.",
                        "Cast with `x.to(Type.INT64)` to count.",
                        () -> tensor(true, false).sum()),
                entry(
                        "integer-needed",
                        "Places to read from or write to are no integers.",
                        "Cast with `x.to(Type.INT64)`.",
                        () -> Indexing.gather(MATRIX, 1, MATRIX)),
                entry(
                        "map-truth",
                        "A number stands where a bool is needed, or the other way round.",
                        "Compare to get a bool; cast to get a number.",
                        () -> Logic.where(VECTOR, VECTOR, VECTOR)),
                entry(
                        "type-name",
                        "A type's name is not known.",
                        "Use float32, float64, int32, int64 or bool.",
                        () -> Type.parse("float16")));
    }

    private static Stream<ErrorEntry> contractions() {
        return Stream.of(
                entry(
                        "matmul-inner-size",
                        "The inner sizes of a matrix product differ.",
                        "Transpose one side, or look at what changed the input's width.",
                        () -> MATRIX.matmul(MATRIX)),
                entry(
                        "matmul-batch",
                        "The batch axes of a raw matrix product differ.",
                        "`Tensor.matmul` broadcasts them.",
                        () -> op(
                                new Contract.MatMul(false, true),
                                IMAGE,
                                tensor(Array.zeros(TensorType.of(Type.FLOAT64, 1, 2, 4, 4))))),
                entry(
                        "conv-rank",
                        "A convolution's input or weight has the wrong number of axes.",
                        "Give [batch, channels, spatial…] and [out, in / groups, kernel…].",
                        () -> op(new Contract.Convolution(THREE, 1), MATRIX, IMAGE)),
                entry(
                        "conv-kernel",
                        "The kernel's size and the weight's differ.",
                        "Take the kernel's size from the weight.",
                        () -> op(
                                new Contract.Convolution(THREE, 1),
                                IMAGE,
                                tensor(Array.zeros(TensorType.of(Type.FLOAT64, 2, 3, 2, 2))))),
                entry(
                        "conv-channels",
                        "The channels of input and weight do not match, split into these groups.",
                        "Compare the input's channels with the weight's second axis times the groups.",
                        () -> op(
                                new Contract.Convolution(THREE, 1),
                                IMAGE,
                                tensor(Array.zeros(TensorType.of(Type.FLOAT64, 2, 1, 3, 3))))),
                entry(
                        "conv-windows",
                        "A convolution's gradient has another number of windows than its input.",
                        "Use the geometry of the forward convolution.",
                        () -> op(new Contract.ConvolutionWeight(THREE, 1), IMAGE, IMAGE)),
                entry(
                        "window-too-large",
                        "A kernel is larger than the padded input.",
                        "Pad more, use a smaller kernel, or look at how often the picture was halved.",
                        () -> op(new Window.SumPool(Geometry.of(List.of(5, 5))), IMAGE)),
                entry(
                        "window-geometry",
                        "Kernel, stride, padding or dilation is no positive number, or not one per axis.",
                        "Give one number for each spatial axis.",
                        () -> op(new Window.SumPool(THREE.strided(List.of(0, 1))), IMAGE)),
                entry(
                        "pool-rank",
                        "Pooling is given an input with another number of axes than its windows slide along.",
                        "Give [batch, channels, spatial…].",
                        () -> op(new Window.MaxPool(THREE), MATRIX)),
                entry(
                        "pool-only-padding",
                        "A window of max pooling would see nothing but padding.",
                        "Pad by less than the kernel, or use a larger one.",
                        () -> op(
                                new Window.MaxPool(Geometry.of(List.of(2, 2)).padded(List.of(2, 2), List.of(0, 0))),
                                IMAGE)),
                entry(
                        "pool-positions",
                        "The gradient of max pooling is given positions of another shape or type than its windows' numbers.",
                        "Give those that the forward pooling found.",
                        () -> op(new Window.MaxPoolInput(THREE, Shape.of(6, 6)), IMAGE, IMAGE)),
                entry(
                        "pool-windows",
                        "The gradient of pooling is given another number of windows than its input has.",
                        "Use the geometry of the forward pooling.",
                        () -> op(new Window.SumPoolInput(THREE, Shape.of(9, 9)), IMAGE)),
                entry(
                        "square",
                        "A matrix op is given one that is not square.",
                        "Solve the normal equations for a tall one.",
                        () -> Linalg.inverse(MATRIX)),
                entry(
                        "solve-shapes",
                        "Matrix and right-hand sides do not fit together.",
                        "Give [batch…, n, n] and [batch…, n, k].",
                        () -> Linalg.solve(tensor(Shape.of(2, 2), 1.0, 0, 0, 1), MATRIX.transposed())));
    }

    private static Stream<ErrorEntry> lookups() {
        return Stream.of(
                entry(
                        "gather-shapes",
                        "Places have another rank than what is read, or are larger on another axis.",
                        "Places may be larger on the axis that they point along, and on no other.",
                        () -> Indexing.gather(MATRIX, 1, tensor(0L, 1L))),
                entry(
                        "scatter-shapes",
                        "Values and places differ in shape.",
                        "Give one place for each value.",
                        () -> op(new Index.ScatterAdd(0, Shape.of(5)), VECTOR, tensor(0L, 1L))),
                entry(
                        "index-range",
                        "A place lies outside of its axis.",
                        "Look at the labels or tokens: they count from 0.",
                        () -> Indexing.gather(VECTOR, 0, tensor(0L, 3L))));
    }

    private static Stream<ErrorEntry> numbers() {
        return Stream.of(
                entry(
                        "not-positive-definite",
                        "A Cholesky factor of a matrix that has none is asked for.",
                        "Add a small multiple of the identity, or look at where the matrix comes from.",
                        () -> Linalg.cholesky(tensor(Shape.of(2, 2), 1.0, 2, 2, 1))),
                entry(
                        "singular",
                        "A linear system without exactly one solution is solved.",
                        "Look for rows that depend on each other.",
                        () -> Linalg.solve(tensor(Shape.of(2, 2), 1.0, 2, 2, 4), tensor(Shape.of(2, 1), 1.0, 2))),
                entry(
                        "divide-by-zero",
                        "Integers are divided by 0.",
                        "Mask the zeros, or divide floats.",
                        () -> Elementwise.floorDivide(tensor(4L), tensor(0L))),
                entry(
                        "random-key",
                        "Random numbers are drawn with a key that is not seed and step.",
                        "Use `scope.random()` or `Eager.stream(seed, use)`.",
                        () -> op(
                                new Source.Random(Source.Distribution.UNIFORM, TensorType.of(Type.FLOAT32, 2), 0),
                                VECTOR)));
    }

    private static Stream<ErrorEntry> tracing() {
        return Stream.of(
                entry(
                        "value-while-tracing",
                        "A number is read while a graph is being traced.",
                        "Return the tensor and read the result, use `where` instead of `if`, or run eagerly.",
                        () -> new Trace().input("x", VECTOR.type()).array()),
                entry(
                        "trace-foreign",
                        "A tensor of one trace is used in another, or in eager computation.",
                        "Hand it over as an argument.",
                        () -> new Trace().input("x", VECTOR.type()).plus(new Trace().input("y", VECTOR.type()))),
                entry(
                        "trace-closed",
                        "A trace is used after it was finished.",
                        "Return what you need from the traced function.",
                        () -> {
                            Trace trace = new Trace();
                            Tensor x = trace.input("x", VECTOR.type());
                            trace.finish(List.of(x));
                            x.exp();
                        }),
                entry("input-twice", "Two inputs of a trace have one name.", "Name them apart.", () -> {
                    Trace trace = new Trace();
                    trace.input("x", VECTOR.type());
                    trace.input("x", VECTOR.type());
                }),
                entry(
                        "source-without-value",
                        "The interpreter meets an input or state that was given no value.",
                        "Run a graph with inputs through a session's step.",
                        () -> VECTOR.tracer().applyOne(new Source.Input("x", VECTOR.type()))));
    }

    private static Stream<ErrorEntry> derivatives() {
        return Stream.of(
                entry(
                        "gradient-of-many",
                        "A gradient of more than one number is asked for.",
                        "Reduce it (`loss.mean()`), or ask for the `jacobian`.",
                        () -> Derivatives.grad(x -> x.squared()).apply(VECTOR)),
                entry(
                        "gradient-type",
                        "A derivative by, or of, something else than floats is asked for.",
                        "Cast to a float first; labels and places have no derivative.",
                        () -> Derivatives.grad(x -> x.sum()).apply(tensor(1L, 2L))),
                entry(
                        "not-recorded",
                        "A gradient by a tensor is asked for whose use was not recorded.",
                        "Compute inside the function that is given to `grad`.",
                        () -> Reverse.gradients(VECTOR.sum(), List.of(VECTOR))),
                entry(
                        "cotangent-type",
                        "A cotangent has another type than its output.",
                        "Give it the output's type and shape.",
                        () -> Derivatives.vjp(x -> x.exp(), VECTOR, scalar(1.0))),
                entry(
                        "tangent-type",
                        "A tangent has another type than its input.",
                        "Give it the input's type and shape.",
                        () -> Forward.pushforward(List.of(VECTOR), List.of(VECTOR), List.of(MATRIX))),
                entry(
                        "rule-results",
                        "A derivative rule that a definition states gives too few or too many tensors.",
                        "Return one for each input (reverse) or output (forward), `null` for nothing.",
                        () -> Derivatives.grad(x -> x.tracer()
                                        .applyOne(new Named(new Twice()), x)
                                        .sum())
                                .apply(VECTOR)),
                entry(
                        "rule-type",
                        "A derivative rule that a definition states gives another type than its input's.",
                        "Return one cotangent of each input's type and shape.",
                        () -> Derivatives.grad(x -> x.tracer()
                                        .applyOne(new Named(new Halved()), x)
                                        .sum())
                                .apply(VECTOR)),
                entry(
                        "check-type",
                        "Gradients are checked in another type than float64.",
                        "Cast with `x.to(Type.FLOAT64)`: differences of float32 prove nothing.",
                        () -> GradientCheck.of(x -> x.exp(), tensor(1f))),
                entry(
                        "gradient-wrong",
                        "A derivative differs from central differences.",
                        "Look at the rule, or for a kink at this point.",
                        () -> GradientCheck.of(x -> x.times(Elementwise.stopGradient(x)), VECTOR)
                                .demand(1e-6)),
                entry(
                        "sweep-output",
                        "The reverse sweep is asked for an output that the function does not have.",
                        "Count the outputs from 0.",
                        () -> Sweeps.of(List.of("w"), List.of(scalar(1.0)), List::copyOf, "w", 1)),
                entry(
                        "sweep-input",
                        "The forward sweep is asked for by an input that is not there.",
                        "Use one of the inputs' names.",
                        () -> Sweeps.of(List.of("w"), List.of(scalar(1.0)), List::copyOf, "x", 0)));
    }

    /// A definition whose rule gives two cotangents for one input.
    private record Twice() implements Definition {
        @Override
        public String name() {
            return "twice";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            return List.of(inputs.get(0).times(2));
        }

        @Override
        public List<@Nullable Tensor> pullback(
                List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
            return List.of(inputs.get(0), inputs.get(0));
        }
    }

    /// A definition whose rule forgets half of the input.
    private record Halved() implements Definition {
        @Override
        public String name() {
            return "halved";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            return List.of(inputs.get(0).times(0.5));
        }

        @Override
        public List<@Nullable Tensor> pullback(
                List<Tensor> inputs, List<Tensor> outputs, List<@Nullable Tensor> cotangents) {
            return List.of(scalar(0.5));
        }
    }

    private static void op(Op op, Tensor... inputs) {
        inputs[0].tracer().apply(op, List.of(inputs));
    }

    private static ErrorEntry entry(
            String kind, String when, String remedy, org.assertj.core.api.ThrowableAssert.ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
