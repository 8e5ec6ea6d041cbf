package org.gradus.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;

/// What stands around a tensor where a window reaches over its ends.
public enum Padding {
    /// Zeros.
    ZEROS,
    /// The elements from the end inwards, without the last: `cb|abc|ba`.
    REFLECT,
    /// The last element again and again: `aa|abc|cc`.
    REPLICATE,
    /// The elements of the other end: `bc|abc|ab`.
    CIRCULAR;

    /// `x` with so many elements more at both ends of its last axes.
    ///
    /// @param before for each of the last axes
    /// @param after for each of the last axes
    /// @throws GradusException when an end takes more elements than there are to reflect or to go around
    public Tensor around(Tensor x, List<Integer> before, List<Integer> after) {
        int other = x.shape().rank() - before.size();
        if (this == ZEROS) {
            List<Integer> none = Collections.nCopies(other, 0);
            List<Integer> low = new ArrayList<>(none);
            List<Integer> high = new ArrayList<>(none);
            low.addAll(before);
            high.addAll(after);
            return Views.pad(x, low, high, 0);
        }
        Tensor y = x;
        for (int i = 0; i < before.size(); i++) {
            y = around(y, other + i, before.get(i), after.get(i));
        }
        return y;
    }

    private Tensor around(Tensor x, int axis, int before, int after) {
        int size = x.shape().size(axis);
        int most = this == REFLECT ? size - 1 : this == CIRCULAR ? size : size == 0 ? 0 : Integer.MAX_VALUE;
        if (Math.max(before, after) > most) {
            throw new GradusException(
                    "padding-reach",
                    "pad: axis " + axis + " of " + x.described() + ", has no " + Math.max(before, after)
                            + " elements to pad it with (" + name().toLowerCase(java.util.Locale.ROOT)
                            + "), at most " + most + ". Pad less, or with zeros.");
        }
        List<Tensor> parts = new ArrayList<>();
        if (before > 0) {
            parts.add(
                    switch (this) {
                        case REFLECT -> Views.flip(Views.narrow(x, axis, 1, before), axis);
                        case CIRCULAR -> Views.narrow(x, axis, size - before, before);
                        default -> repeated(Views.narrow(x, axis, 0, 1), axis, before);
                    });
        }
        parts.add(x);
        if (after > 0) {
            parts.add(
                    switch (this) {
                        case REFLECT -> Views.flip(Views.narrow(x, axis, size - 1 - after, after), axis);
                        case CIRCULAR -> Views.narrow(x, axis, 0, after);
                        default -> repeated(Views.narrow(x, axis, size - 1, 1), axis, after);
                    });
        }
        return Views.concat(axis, parts);
    }

    private static Tensor repeated(Tensor one, int axis, int times) {
        Shape shape = one.shape().with(axis, times);
        return one.broadcastTo(shape);
    }
}
