package org.gradus.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Summary;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.jspecify.annotations.Nullable;

/// A value in a computation: one output of one node. While a graph is traced it has a type and no numbers; eagerly it
/// has both. Immutable.
///
/// The usual methods are here; everything else is a static function in `org.gradus.ops`.
public final class Tensor {
    private static final Formula ADD = Formula.binary("add", Term::plus);
    private static final Formula SUB = Formula.binary("sub", Term::minus);
    private static final Formula MUL = Formula.binary("mul", Term::times);
    private static final Formula DIV = Formula.binary("div", Term::div);
    private static final Formula NEG = Formula.unary("neg", Term::negated);
    private static final Formula EXP = Formula.unary("exp", Term::exp);
    private static final Formula LOG = Formula.unary("log", Term::log);
    private static final Formula SQRT = Formula.unary("sqrt", Term::sqrt);
    private static final Formula TANH = Formula.unary("tanh", Term::tanh);
    private static final Formula SIGMOID = Formula.unary("sigmoid", Term::sigmoid);
    private static final Formula SQUARE = Formula.unary("square", Term::squared);
    private static final Formula CAST = Formula.unary("cast", x -> x);
    private static final Formula CAST_FROM_BOOL = Formula.unary("cast", x -> x.select(1, 0));
    private static final Formula CAST_TO_BOOL =
            Formula.unary("cast", x -> x.same(0).not());

    private final Tracer tracer;
    private final Node node;
    private final int output;
    private final TensorType type;
    private final @Nullable Array value;

    Tensor(Tracer tracer, Node node, int output, TensorType type, @Nullable Array value) {
        this.tracer = tracer;
        this.node = node;
        this.output = output;
        this.type = type;
        this.value = value;
    }

    /// Element type and shape.
    public TensorType type() {
        return type;
    }

    /// The sizes of the axes.
    public Shape shape() {
        return type.shape();
    }

    /// The tracer that made it.
    public Tracer tracer() {
        return tracer;
    }

    /// The node that it is an output of.
    public Node node() {
        return node;
    }

    /// Which output of the node it is.
    public int output() {
        return output;
    }

    /// The numbers.
    ///
    /// @throws GradusException while a graph is traced, when there are none yet
    public Array array() {
        if (value == null) {
            throw new GradusException(
                    "value-while-tracing",
                    "The tensor " + described()
                            + ", has no numbers yet: a graph is being traced, and numbers exist when"
                            + " it runs. Return the tensor from the traced function and read the result, use `where`"
                            + " instead of `if`, or run eagerly.");
        }
        return value;
    }

    /// The number of a tensor with one element.
    ///
    /// @throws GradusException when it has another count, or a graph is being traced
    public double item() {
        if (shape().count() != 1) {
            throw new GradusException(
                    "item-count",
                    "`item()` reads the one number of a tensor, but " + described() + ", has " + shape().count()
                            + ". Reduce it first (`x.mean()`), or read all of them with `array()`.");
        }
        return array().get(0);
    }

    /// The elementwise op `formula` of tensors of one type, broadcast to one shape. Arguments of a formula that are
    /// truth values are `bool`.
    ///
    /// @throws GradusException when shapes do not broadcast or number types differ
    public static Tensor map(Formula formula, Tensor... inputs) {
        return map(formula, List.of(inputs)).get(0);
    }

    /// As [#map(Formula, Tensor...)], with all results of the formula.
    public static List<Tensor> map(Formula formula, List<Tensor> inputs) {
        Tracer tracer = Tracer.of(inputs);
        Shape shape = inputs.get(0).shape();
        Type number = Type.BOOL;
        for (Tensor input : inputs) {
            Type other = input.type.type();
            if (number != Type.BOOL && other != Type.BOOL && other != number) {
                throw Check.mixed(formula.name(), number, other).framed("", " " + described(inputs));
            }
            number = other == Type.BOOL ? number : other;
            try {
                shape = shape.broadcast(formula.name(), input.shape());
            } catch (GradusException e) {
                throw e.framed("", " " + described(inputs));
            }
        }
        Shape joint = shape;
        List<Tensor> spread = inputs.stream()
                .map(input -> input.broadcastUnder(tracer, joint))
                .toList();
        return tracer.apply(new MapOp(formula, number == Type.BOOL ? Type.INT32 : number), spread);
    }

    /// Elementwise sum.
    public Tensor plus(Tensor other) {
        return map(ADD, this, other);
    }

    /// This plus a number.
    public Tensor plus(double other) {
        return map(Formula.unary("add", x -> x.plus(other)), this);
    }

    /// Elementwise difference.
    public Tensor minus(Tensor other) {
        return map(SUB, this, other);
    }

    /// This minus a number.
    public Tensor minus(double other) {
        return map(Formula.unary("sub", x -> x.minus(other)), this);
    }

    /// Elementwise product.
    public Tensor times(Tensor other) {
        return map(MUL, this, other);
    }

    /// This times a number.
    public Tensor times(double other) {
        return map(Formula.unary("mul", x -> x.times(other)), this);
    }

    /// Elementwise quotient of floating-point tensors.
    public Tensor div(Tensor other) {
        return map(DIV, this, other);
    }

    /// This divided by a number.
    public Tensor div(double other) {
        return map(Formula.unary("div", x -> x.div(other)), this);
    }

    /// The negative.
    public Tensor negated() {
        return map(NEG, this);
    }

    /// e to the power of this.
    public Tensor exp() {
        return map(EXP, this);
    }

    /// The natural logarithm.
    public Tensor log() {
        return map(LOG, this);
    }

    /// The square root.
    public Tensor sqrt() {
        return map(SQRT, this);
    }

    /// The hyperbolic tangent.
    public Tensor tanh() {
        return map(TANH, this);
    }

    /// The logistic function 1 / (1 + e^-x).
    public Tensor sigmoid() {
        return map(SIGMOID, this);
    }

    /// This times itself.
    public Tensor squared() {
        return map(SQUARE, this);
    }

    /// The same values as another type: floats to integers cut off the fraction, `bool` counts as 0 or 1, anything but
    /// 0 is `true`.
    public Tensor to(Type other) {
        Type from = type.type();
        if (from == other) {
            return this;
        }
        return other == Type.BOOL
                ? tracer.applyOne(new MapOp(CAST_TO_BOOL, from), this)
                : tracer.applyOne(new MapOp(from == Type.BOOL ? CAST_FROM_BOOL : CAST, other), this);
    }

    /// The matrix product `[batch…, m, k] · [batch…, k, n]`; batch axes broadcast.
    ///
    /// @throws GradusException when one has fewer than 2 axes, or the sizes do not fit
    public Tensor matmul(Tensor other) {
        if (shape().rank() < 2 || other.shape().rank() < 2) {
            return Tracer.of(List.of(this, other)).applyOne(new Contract.MatMul(false, false), this, other);
        }
        Shape left = shape().part(0, shape().rank() - 2);
        Shape right = other.shape().part(0, other.shape().rank() - 2);
        Shape batch;
        try {
            batch = left.broadcast("matmul", right);
        } catch (GradusException e) {
            throw e.framed("", " " + described(List.of(this, other)));
        }
        Tracer by = Tracer.of(List.of(this, other));
        Tensor a = broadcastUnder(by, batch.joined(shape().part(left.rank(), left.rank() + 2)));
        Tensor b = other.broadcastUnder(by, batch.joined(other.shape().part(right.rank(), right.rank() + 2)));
        return by.applyOne(new Contract.MatMul(false, false), a, b);
    }

    /// The last two axes swapped.
    public Tensor transposed() {
        int rank = shape().rank();
        int[] order = IntStream.range(0, rank).toArray();
        order[shape().axis(-2)] = rank - 1;
        order[rank - 1] = rank - 2;
        return permute(order);
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]` of this.
    public Tensor permute(int... order) {
        List<Integer> axes = Arrays.stream(order).map(shape()::axis).boxed().toList();
        return axes.equals(shape().axes()) && axes.size() == order.length
                ? this
                : tracer.applyOne(new View.Permute(axes), this);
    }

    /// The same row-major sequence in another shape; one size may be -1 and follows from the others.
    public Tensor reshape(int... sizes) {
        int[] known = sizes.clone();
        int rest = 1;
        int open = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && open < 0) {
                open = i;
            } else {
                rest *= sizes[i];
            }
        }
        if (rest < 0) {
            throw new GradusException(
                    "reshape-count",
                    "reshape: one size may be -1 and follows from the others, but " + Arrays.toString(sizes)
                            + " leaves more open. Give all sizes but one. Input: " + described() + ".");
        }
        if (open >= 0) {
            known[open] = rest == 0 ? 0 : shape().count() / rest;
        }
        return reshape(Shape.of(known));
    }

    /// The same row-major sequence in another shape.
    public Tensor reshape(Shape shape) {
        return shape.equals(shape()) ? this : tracer.applyOne(new View.Reshape(shape), this);
    }

    /// Repeated along axes of size 1 and new leading axes.
    public Tensor broadcastTo(Shape shape) {
        return shape.equals(shape()) ? this : tracer.applyOne(new View.Broadcast(shape), this);
    }

    /// The sum over these axes (all when none is given), which go away. Integers of 32 bits and `bool` are summed as
    /// they are cast to.
    public Tensor sum(int... axes) {
        return reduce(Reduce.Kind.SUM, axes);
    }

    /// The sum over the axes along which [#broadcastTo] repeats what has that shape, in that shape: what flows back through
    /// it.
    ///
    /// @throws GradusException when that shape does not broadcast to this one
    public Tensor sumTo(Shape shape) {
        new View.Broadcast(shape())
                .infer(List.of(new TensorType(type.type(), shape))); // refuses what it cannot come from
        int missing = shape().rank() - shape.rank();
        List<Integer> repeated = IntStream.range(0, shape().rank())
                .filter(axis -> axis < missing || (shape.size(axis - missing) == 1 && shape().size(axis) != 1))
                .boxed()
                .toList();
        return (repeated.isEmpty() ? this : tracer.applyOne(new Reduce(Reduce.Kind.SUM, repeated), this))
                .reshape(shape);
    }

    /// The mean over these axes (all when none is given), which go away.
    public Tensor mean(int... axes) {
        int count = 1;
        for (int axis : shape().axes(axes)) {
            count *= shape().size(axis);
        }
        return sum(axes).div(count);
    }

    /// The fold over these axes (all when none is given), which go away.
    public Tensor reduce(Reduce.Kind kind, int... axes) {
        List<Integer> chosen = shape().axes(axes);
        Reduce reduce = new Reduce(kind, chosen);
        if (chosen.isEmpty()) {
            reduce.infer(List.of(type)); // refuses what it cannot fold
            return this;
        }
        return tracer.applyOne(reduce, this).reshape(shape().without(chosen));
    }

    /// As [#broadcastTo], noted down by that tracer, so that a captured number is captured as it is.
    private Tensor broadcastUnder(Tracer by, Shape shape) {
        return shape.equals(shape()) ? this : by.applyOne(new View.Broadcast(shape), this);
    }

    /// Whether it belongs to a recording that goes on, so that derivatives may be taken through it.
    boolean isRecorded() {
        return tracer.isRecording();
    }

    @Nullable Array value() {
        return value;
    }

    /// The name in printed graphs, such as `%5` or `%5.1`.
    String label() {
        return "%" + node.id() + (node.outputs().size() > 1 ? "." + output : "");
    }

    /// What errors say of it: type, what it is, and where it was made.
    public String described() {
        String what = switch (node.op()) {
            case Source.State(StateKey key) -> " (`" + key.path() + "`)";
            case Source.Input(String name, TensorType _) -> " (input `" + name + "`)";
            default -> "";
        };
        return type + what + ", made at " + node.origin();
    }

    private static String described(List<Tensor> inputs) {
        return "Inputs: "
                + String.join("; ", inputs.stream().map(Tensor::described).toList()) + ".";
    }

    /// Eagerly the type, the first numbers, mean, deviation and NaN count; while tracing, the type.
    @Override
    public String toString() {
        return value == null ? type + " (traced)" : Summary.of(value).toString();
    }
}
