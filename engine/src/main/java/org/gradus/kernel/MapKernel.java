package org.gradus.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;

/// An elementwise kernel's description: the body, the type that it computes in, and how each input lies in memory. It
/// is the key under which the kernel is kept: equal descriptions share one class.
///
/// Results are dense: element i of a range is at offset + i. The range may be any part of all elements. Where the
/// elements form rows, row r begins at element `r * inner`; r is the row-major index along the outer axes (up to 4).
///
/// [Kernel#run] takes
/// - `arrays`: the inputs, then the results; truth values lie in `boolean[]`;
/// - `numbers`: the offset of each input and each result; if there are rows, also the rows' length (`inner`), the sizes
///   of the outer axes but the first, and for each input with `RUN`, `SAME` or `STEP` in turn its strides along the
///   outer axes and, for `STEP`, along the row.
///
/// A result may lie exactly where an input lies. Long bodies become several loops over blocks, with the registers
/// between them in scratch memory of the thread. Integer maps, inputs of another number type, and `STEP` make the
/// kernel scalar; truth values and many arrays make the rest behind the last full vector scalar.
///
/// @param type the type of the numbers inside; inputs of another type are converted as they are read
/// @param axes the number of outer axes: 0 if there are no rows
/// @param lanes how many numbers at a time, 1 for the scalar form
public record MapKernel(Body body, Type type, List<Input> inputs, int axes, int lanes) {
    private static final KernelCache<MapKernel, Kernel> KERNELS = new KernelCache<>(MapKernel::define);

    /// Fewer elements take the scalar form, unless another one is there.
    private static final int SHORTEST = 64;

    /// How an input's elements lie.
    public enum Access {
        /// As those of a result: element i at offset + i.
        FLAT,
        /// One element for all, at the offset.
        SCALAR,
        /// Row by row one after the other, from the row's place.
        RUN,
        /// One element for a row, at the row's place.
        SAME,
        /// Row by row with any stride, from the row's place.
        STEP;

        boolean isByRow() {
            return this == RUN || this == SAME || this == STEP;
        }

        /// Whether it can say what the other one does.
        private boolean covers(Access other) {
            return this == other || (this == RUN && other == FLAT) || (this == SAME && other == SCALAR);
        }
    }

    /// An input's element type and how its elements lie.
    public record Input(Type type, Access access) {}

    /// Freezes the list and takes the scalar form where there is no other.
    public MapKernel {
        inputs = List.copyOf(inputs);
        if (inputs.size() != body.arity()) {
            throw new IllegalArgumentException(
                    "The body takes " + body.arity() + " inputs, but " + inputs.size() + " are described.");
        }
        if (axes < 0 || axes > 4 || (axes == 0 && inputs.stream().anyMatch(x -> x.access.isByRow()))) {
            throw new IllegalArgumentException("Inputs by row need 1 to 4 outer axes, not " + axes + ".");
        }
        if (!type.isFloating() || inputs.stream().anyMatch(x -> needsScalar(x, type))) {
            lanes = 1;
        }
    }

    /// The description with as many lanes as this machine has.
    public MapKernel(Body body, Type type, List<Input> inputs, int axes) {
        this(body, type, inputs, axes, Lanes.of(type));
    }

    /// What to run it as, for that many elements: as a kernel that there is and that can do it too, perhaps with more
    /// strides, so that a shorter batch needs no new one. Else few elements take the scalar form, which is warm sooner. Those
    /// that do not fill a vector take it wherever it is there, as it is behind each vector form that began in plain code:
    /// HotSpot's second compiler may allocate a mask where there is nothing but the rest.
    public MapKernel nearest(long count) {
        MapKernel few = scalar();
        Optional<MapKernel> plain = KERNELS.find(few::isCoveredBy);
        if (count < lanes && plain.isPresent()) {
            return plain.get();
        }
        return KERNELS.find(this::isCoveredBy).orElseGet(() -> isShort(count) ? plain.orElse(few) : this);
    }

    /// Whether so few elements take the scalar form.
    static boolean isShort(long count) {
        return count < SHORTEST;
    }

    /// The scalar form.
    MapKernel scalar() {
        return new MapKernel(body, type, inputs, axes, 1);
    }

    /// Whether another kernel can do the same.
    boolean isCoveredBy(MapKernel other) {
        return other.lanes == lanes
                && other.axes >= axes
                && other.type == type
                && other.body.equals(body)
                && IntStream.range(0, inputs.size())
                        .allMatch(i -> other.inputs.get(i).type == inputs.get(i).type
                                && other.inputs.get(i).access.covers(inputs.get(i).access));
    }

    /// The kernel, made at the first call and kept.
    public Kernel kernel() {
        return KERNELS.get(this);
    }

    private Kernel define() {
        if (lanes == 1) {
            return emitted();
        }
        int work = 1 + work();
        return WarmingKernel.of(
                () -> KERNELS.get(scalar()), this::emitted, () -> WarmingKernel.rehearsal(this), numbers -> work);
    }

    private Kernel emitted() {
        return new MapCode(this).define();
    }

    /// About how long an element takes, as a number of additions.
    public int work() {
        return body.code().stream().mapToInt(step -> work(step.code())).sum();
    }

    private static int work(Code code) {
        return switch (code) {
            case CONSTANT -> 0;
            case ADD, SUB, MUL, NEG, ABS, MIN, MAX, LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, XOR, SELECT -> 1;
            case SIGN, SQRT, RSQRT, DIV, FLOOR, CEIL, ROUND, TRUNC -> 4;
            case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SIN, COS, ATAN -> 8;
            case ERF, ERFC, TAN, FLOOR_DIV -> 20;
            case REMAINDER, LOG2, LOG10, POW, ASIN, ACOS, ATAN2, SINH, COSH, ASINH, ACOSH, ATANH, HYPOT -> 1000;
            case LGAMMA, POLYGAMMA -> 3000;
        };
    }

    /// Which registers of the body hold truth values.
    boolean[] truths() {
        boolean[] arguments = new boolean[inputs.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = inputs.get(i).type == Type.BOOL;
        }
        return body.truths("map", arguments);
    }

    /// Where the strides of an input begin among the numbers.
    int strides(int input) {
        return inner() + axes + IntStream.range(0, input).map(this::strideCount).sum();
    }

    /// How many strides of an input there are.
    int strideCount(int input) {
        Access access = inputs.get(input).access;
        return !access.isByRow() ? 0 : access == Access.STEP ? axes + 1 : axes;
    }

    /// Where the rows' length stands among the numbers; the sizes of the outer axes but the first follow.
    int inner() {
        return inputs.size() + body.results().size();
    }

    private static boolean needsScalar(Input input, Type type) {
        return input.access == Access.STEP || (input.type != type && input.type != Type.BOOL);
    }
}
