package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.gradus.base.Type;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// Where the elements of a kernel's input are, for the code of one method.
final class Place {
    private final Emitter e;
    private final MapKernel map;
    private final Input input;
    private final Ref array;
    private final Int offset;
    private final List<Int> strides = new ArrayList<>();
    private Int base;
    private @Nullable Value one;

    /// Emits what the method needs to know about an input, at its beginning.
    Place(Emitter e, MapKernel map, int index) {
        this.e = e;
        this.map = map;
        this.input = map.inputs().get(index);
        this.array = e.element(e.reference(0), index, input.type());
        this.offset = e.element(e.reference(1), index);
        this.base = offset;
        for (int i = 0; i < map.strideCount(index); i++) {
            strides.add(e.element(e.reference(1), map.strides(index) + i));
        }
        if (input.access() == Access.SCALAR) {
            hold();
        }
    }

    /// Emits what changes with the row.
    ///
    /// @param indices along the outer axes
    void beginRow(Int... indices) {
        if (input.access().isByRow()) {
            base = offset;
            for (int axis = 0; axis < indices.length; axis++) {
                base = e.plusTimes(base, indices[axis], strides.get(axis));
            }
        }
        if (input.access() == Access.SAME) {
            hold();
        }
    }

    /// Emits the reading of elements.
    ///
    /// @param m the emitter of the loop that reads
    /// @param index the first element, counted over all rows
    /// @param inRow the same, counted in the row
    Value load(Emitter m, Int index, Int inRow) {
        return switch (input.access()) {
            case FLAT -> read(m, m.plus(index, offset));
            case RUN -> read(m, m.plus(inRow, base));
            case STEP -> read(m, m.plusTimes(base, inRow, strides.get(map.axes())));
            case SCALAR, SAME -> {
                // Anew in each loop, which costs nothing there; as a variable, the vector might become an object.
                Value value = Objects.requireNonNull(one);
                yield value instanceof Mask mask ? m.broadcast(mask) : m.broadcast((Numbers) value);
            }
        };
    }

    /// Emits the reading of one number, where elements lie as those of a result do.
    Optional<Numbers> first(Emitter single, Int index) {
        boolean isPlain = input.access() == Access.FLAT && input.type() == map.type();
        return isPlain ? Optional.of(single.load(array, single.plus(index, offset))) : Optional.empty();
    }

    private void hold() {
        one = read(e.single(), base);
    }

    private Value read(Emitter m, Int at) {
        return input.type() == Type.BOOL
                ? m.loadTruth(array, at)
                : input.type() == map.type() ? m.load(array, at) : m.load(input.type(), array, at);
    }
}
