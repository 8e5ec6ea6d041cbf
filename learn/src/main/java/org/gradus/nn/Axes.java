package org.gradus.nn;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.graph.Geometry;

/// One number for each spatial axis, from one for all of them or from as many.
final class Axes {
    private Axes() {}

    /// @param what is numbered, for the error
    /// @throws GradusException when there are neither one nor as many as axes
    static List<Integer> each(int axes, String what, int... numbers) {
        if (numbers.length != 1 && numbers.length != axes) {
            throw new GradusException(
                    "layer-size",
                    "A layer with " + axes + " spatial axes takes 1 number or " + axes + " as its " + what
                            + ", but was given " + numbers.length + ".");
        }
        return numbers.length == axes ? IntStream.of(numbers).boxed().toList() : Collections.nCopies(axes, numbers[0]);
    }

    /// A window that moves by one.
    static Geometry kernel(int axes, int... kernel) {
        return Geometry.of(each(axes, "kernel", kernel));
    }

    /// A window that moves by its own size.
    static Geometry tiles(int axes, int... kernel) {
        Geometry geometry = kernel(axes, kernel);
        return geometry.strided(geometry.kernel());
    }

    static Geometry strided(Geometry geometry, int... steps) {
        return geometry.strided(each(geometry.axes(), "stride", steps));
    }

    static Geometry padded(Geometry geometry, int... padding) {
        List<Integer> both = each(geometry.axes(), "padding", padding);
        return geometry.padded(both, both);
    }

    static Geometry dilated(Geometry geometry, int... distances) {
        return geometry.dilated(each(geometry.axes(), "dilation", distances));
    }

    /// What the input of a layer with so many spatial axes looks like.
    static String described(int axes) {
        return switch (axes) {
            case 1 -> "[batch, channels, length]";
            case 2 -> "[batch, channels, height, width]";
            case 3 -> "[batch, channels, depth, height, width]";
            default -> "[batch, channels, " + axes + " spatial axes]";
        };
    }
}
