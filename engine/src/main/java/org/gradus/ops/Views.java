package org.gradus.ops;

import static org.gradus.ops.Constants.iota;
import static org.gradus.ops.Logic.lessEqual;
import static org.gradus.ops.Logic.where;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.graph.View;

/// The same numbers in another arrangement: shapes, parts, joins and diagonals. Axes and positions may be negative and
/// then count from the end.
public final class Views {
    private Views() {}

    /// The same row-major sequence in another shape; one size may be -1 and follows from the others.
    public static Tensor reshape(Tensor x, int... sizes) {
        return x.reshape(sizes);
    }

    /// The axes `from` to `to`, both included, as one.
    public static Tensor flatten(Tensor x, int from, int to) {
        Shape shape = x.shape();
        if (shape.rank() == 0) {
            return x.reshape(Shape.of(1));
        }
        int first = shape.axis(from);
        int last = shape.axis(to);
        if (first > last) {
            throw new GradusException(
                    "flatten-order",
                    "flatten: axis " + from + " stands behind axis " + to + " in " + shape
                            + ". Name the first axis first.");
        }
        Shape middle = Shape.of(shape.part(first, last + 1).count());
        return x.reshape(shape.part(0, first).joined(middle).joined(shape.part(last + 1, shape.rank())));
    }

    /// All axes as one: `[count]`.
    public static Tensor flatten(Tensor x) {
        return flatten(x, 0, -1);
    }

    /// Without these axes (all when none is given), as far as their size is 1.
    public static Tensor squeeze(Tensor x, int... axes) {
        Shape shape = x.shape();
        return x.reshape(shape.without(
                shape.axes(axes).stream().filter(axis -> shape.size(axis) == 1).toList()));
    }

    /// With a new axis of size 1 that becomes axis `axis` of the result.
    public static Tensor unsqueeze(Tensor x, int axis) {
        return x.reshape(x.shape().inserted(place(x.shape(), axis), 1));
    }

    /// The axes in another order: axis `i` of the result is axis `order[i]` of `x`.
    public static Tensor permute(Tensor x, int... order) {
        return x.permute(order);
    }

    /// Two axes swapped.
    public static Tensor transpose(Tensor x, int a, int b) {
        int[] order = IntStream.range(0, x.shape().rank()).toArray();
        order[x.shape().axis(a)] = x.shape().axis(b);
        order[x.shape().axis(b)] = x.shape().axis(a);
        return x.permute(order);
    }

    /// One axis moved to another place; the others keep their order.
    public static Tensor moveAxis(Tensor x, int from, int to) {
        Integer moved = x.shape().axis(from);
        List<Integer> order = new ArrayList<>(x.shape().axes());
        order.removeIf(moved::equals);
        order.add(x.shape().axis(to), moved);
        return x.permute(order.stream().mapToInt(Integer::intValue).toArray());
    }

    /// Repeated along axes of size 1 and new leading axes.
    public static Tensor broadcastTo(Tensor x, Shape shape) {
        return x.broadcastTo(shape);
    }

    /// Repeated along axes of size 1 and new leading axes; -1 keeps a size.
    public static Tensor expand(Tensor x, int... sizes) {
        int fresh = sizes.length - x.shape().rank();
        return x.broadcastTo(Shape.of(IntStream.range(0, sizes.length)
                .map(i -> sizes[i] == -1 && i >= fresh ? x.shape().size(i - fresh) : sizes[i])
                .toArray()));
    }

    /// The elements of one axis from `from` up to, not including, `to`, every `step`-th. Positions behind the end
    /// count as the end.
    ///
    /// @throws GradusException when the step is not positive; see [#flip]
    public static Tensor slice(Tensor x, int axis, int from, int to, int step) {
        if (step < 1) {
            throw new GradusException(
                    "slice-step",
                    "slice: the step must be positive, but is " + step + ". To walk backwards, `flip` the axis first.");
        }
        int size = x.shape().size(axis);
        int first = clip(from, size);
        int count = Math.max(0, Math.ceilDiv(clip(to, size) - first, step));
        return cut(x, axis, first, count, step);
    }

    /// The elements of one axis from `from` up to, not including, `to`.
    public static Tensor slice(Tensor x, int axis, int from, int to) {
        return slice(x, axis, from, to, 1);
    }

    /// `length` elements of one axis from `start`.
    ///
    /// @throws GradusException when there are not as many
    public static Tensor narrow(Tensor x, int axis, int start, int length) {
        return cut(x, axis, start < 0 ? start + x.shape().size(axis) : start, length, 1);
    }

    /// One position of an axis, which goes away.
    ///
    /// @throws GradusException when the axis has no such position
    public static Tensor select(Tensor x, int axis, int index) {
        int size = x.shape().size(axis);
        if (index < -size || index >= size) {
            throw new GradusException(
                    "select-range",
                    "select: position " + index + " was asked of axis " + axis + " of " + x.shape() + ", which has "
                            + size + ". Positions count from 0, or from -1 at the end.");
        }
        int from = index < 0 ? index + size : index;
        return squeeze(cut(x, axis, from, 1, 1), axis);
    }

    /// With `before[i]` and `after[i]` times `value` at the ends of axis `i`.
    public static Tensor pad(Tensor x, List<Integer> before, List<Integer> after, double value) {
        List<Integer> none = Collections.nCopies(x.shape().rank(), 0);
        return x.tracer().applyOne(new View.Pad(before, after, none, value), x);
    }

    /// With `before` and `after` times `value` at the ends of one axis.
    public static Tensor pad(Tensor x, int axis, int before, int after, double value) {
        return pad(x, only(x.shape(), axis, before), only(x.shape(), axis, after), value);
    }

    /// The elements along these axes in reverse order.
    public static Tensor flip(Tensor x, int... axes) {
        return axes.length == 0
                ? x
                : x.tracer().applyOne(new View.Flip(x.shape().axes(axes)), x);
    }

    /// Tensors one after the other along an axis.
    ///
    /// @throws GradusException when another axis differs, or types do
    public static Tensor concat(int axis, Tensor... tensors) {
        return concat(axis, List.of(tensors));
    }

    /// Tensors one after the other along an axis.
    ///
    /// @throws GradusException when there are none, another axis differs, or types do
    public static Tensor concat(int axis, List<Tensor> tensors) {
        if (tensors.size() == 1) {
            return tensors.get(0);
        }
        Tracer tracer = Tracer.of(tensors);
        return tracer.apply(new View.Concat(tensors.get(0).shape().axis(axis)), tensors)
                .get(0);
    }

    /// Tensors of one shape side by side along a new axis, which becomes axis `axis` of the result.
    public static Tensor stack(int axis, Tensor... tensors) {
        return stack(axis, List.of(tensors));
    }

    /// Tensors of one shape side by side along a new axis, which becomes axis `axis` of the result.
    ///
    /// @throws GradusException when there are none, or shapes or types differ
    public static Tensor stack(int axis, List<Tensor> tensors) {
        Tracer.of(tensors);
        Shape first = tensors.get(0).shape();
        for (Tensor tensor : tensors) {
            if (!tensor.shape().equals(first)) {
                throw new GradusException(
                        "stack-shapes",
                        "stack: takes tensors of one shape, but was given " + first + " and " + tensor.described()
                                + ". `concat` joins along an axis that they have.");
            }
        }
        int at = place(first, axis);
        return concat(at, tensors.stream().map(tensor -> unsqueeze(tensor, at)).toList());
    }

    /// The parts of an axis with these sizes, which add up to its size.
    ///
    /// @throws GradusException when they do not
    public static List<Tensor> split(Tensor x, int axis, int... sizes) {
        if (Arrays.stream(sizes).sum() != x.shape().size(axis)) {
            throw new GradusException(
                    "split-sizes",
                    "split: the sizes " + Arrays.toString(sizes) + " must add up to "
                            + x.shape().size(axis) + ", the size of axis " + axis + " of " + x.shape() + ".");
        }
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            parts.add(cut(x, axis, from, size, 1));
            from += size;
        }
        return parts;
    }

    /// At most `count` parts of an axis, of equal size but for a shorter last one.
    public static List<Tensor> chunk(Tensor x, int axis, int count) {
        int size = x.shape().size(axis);
        int each = Math.max(1, Math.ceilDiv(size, Math.max(1, count)));
        int parts = Math.max(1, Math.ceilDiv(size, each));
        return split(
                x,
                axis,
                IntStream.range(0, parts)
                        .map(i -> Math.min(each, size - i * each))
                        .toArray());
    }

    /// `x` repeated `times[i]` times along axis `i`, counted from the end when there are more or fewer than axes.
    public static Tensor repeat(Tensor x, int... times) {
        int rank = Math.max(times.length, x.shape().rank());
        int[] single = new int[2 * rank];
        int[] spread = new int[2 * rank];
        int[] joined = new int[rank];
        for (int i = 0; i < rank; i++) {
            int size = i < rank - x.shape().rank() ? 1 : x.shape().size(i - rank);
            int count = i < rank - times.length ? 1 : times[i - rank + times.length];
            single[2 * i] = 1;
            spread[2 * i] = count;
            single[2 * i + 1] = size;
            spread[2 * i + 1] = size;
            joined[i] = size * count;
        }
        return x.reshape(Shape.of(single)).broadcastTo(Shape.of(spread)).reshape(Shape.of(joined));
    }

    /// Along one axis `shift` positions further; what leaves at the end comes in at the front.
    public static Tensor roll(Tensor x, int axis, int shift) {
        int size = x.shape().size(axis);
        int cut = size == 0 ? 0 : Math.floorMod(-shift, size);
        return cut == 0 ? x : concat(axis, slice(x, axis, cut, size), slice(x, axis, 0, cut));
    }

    /// The elements of the last two axes on and below a diagonal, else 0; diagonal 1 is the one above the main one.
    public static Tensor tril(Tensor x, int diagonal) {
        return where(under(x, diagonal), x, 0);
    }

    /// The elements of the last two axes on and above a diagonal, else 0; diagonal 1 is the one above the main one.
    public static Tensor triu(Tensor x, int diagonal) {
        return where(under(x, diagonal - 1), 0, x);
    }

    /// A diagonal of the matrices in the last two axes: `[batch…, n]`. Offset 1 is the one above the main one.
    public static Tensor diagonal(Tensor x, int offset) {
        int rank = x.shape().rank();
        int rows = x.shape().size(-2);
        int columns = x.shape().size(-1);
        int count = Math.max(0, Math.min(rows + Math.min(0, offset), columns - Math.max(0, offset)));
        Tensor rowMajor = x.reshape(x.shape().part(0, rank - 2).joined(Shape.of(rows * columns)));
        return cut(rowMajor, -1, count == 0 ? 0 : start(offset, columns), count, columns + 1);
    }

    /// The main diagonal of the matrices in the last two axes.
    public static Tensor diagonal(Tensor x) {
        return diagonal(x, 0);
    }

    /// Square matrices `[batch…, n, n]` with the last axis of `x` on a diagonal and 0 elsewhere. Offset 1 is the one
    /// above the main one.
    public static Tensor diagEmbed(Tensor x, int offset) {
        int rank = x.shape().rank();
        int count = x.shape().size(-1);
        int n = count + Math.abs(offset);
        int before = Math.min(start(offset, n), n * n);
        int after = n * n - before - (count == 0 ? 0 : count + (count - 1) * n);
        Tensor rowMajor = x.tracer()
                .applyOne(
                        new View.Pad(
                                only(x.shape(), -1, before), only(x.shape(), -1, after), only(x.shape(), -1, n), 0),
                        x);
        return rowMajor.reshape(x.shape().part(0, rank - 1).joined(Shape.of(n, n)));
    }

    /// Square matrices with the last axis of `x` on the main diagonal and 0 elsewhere.
    public static Tensor diagEmbed(Tensor x) {
        return diagEmbed(x, 0);
    }

    private static Tensor under(Tensor x, int diagonal) {
        TensorType positions =
                TensorType.of(Type.INT32, x.shape().size(-2), x.shape().size(-1));
        Tensor row = iota(x.tracer(), positions, 0);
        return lessEqual(iota(x.tracer(), positions, 1), row.plus(diagonal));
    }

    /// `count` elements of an axis.
    private static Tensor cut(Tensor x, int axis, int start, int count, int step) {
        if (start == 0 && step == 1 && count == x.shape().size(axis)) {
            return x;
        }
        int[] sizes = x.shape().sizes();
        sizes[x.shape().axis(axis)] = count;
        List<Integer> starts = only(x.shape(), axis, start);
        List<Integer> steps =
                only(x.shape(), axis, step - 1).stream().map(s -> s + 1).toList();
        return x.tracer()
                .applyOne(new View.Slice(starts, Arrays.stream(sizes).boxed().toList(), steps), x);
    }

    /// `amount` for one axis and 0 for the others.
    private static List<Integer> only(Shape shape, int axis, int amount) {
        int[] amounts = new int[shape.rank()];
        amounts[shape.axis(axis)] = amount;
        return Arrays.stream(amounts).boxed().toList();
    }

    /// Where a diagonal starts in the row-major sequence.
    private static int start(int offset, int columns) {
        return offset < 0 ? -offset * columns : offset;
    }

    /// A position between 0 and `size`.
    private static int clip(int position, int size) {
        return Math.clamp(position < 0 ? position + size : position, 0, size);
    }

    /// Where a new axis goes; it may stand behind all others.
    private static int place(Shape shape, int axis) {
        return shape.inserted(0, 1).axis(axis);
    }
}
