package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// The numbers of each example in another shape, row by row: `[batch, …]` to `[batch, sizes…]`. No parameters. PyTorch calls
/// it `Unflatten`.
///
/// @param sizes of an example; one may be -1 and follows from the others
public record Reshape(List<Integer> sizes) implements Layer {
    /// Freezes the list.
    public Reshape {
        sizes = List.copyOf(sizes);
    }

    /// To these sizes.
    public static Reshape of(int... sizes) {
        return new Reshape(IntStream.of(sizes).boxed().toList());
    }

    /// @throws org.gradus.base.GradusException when an example has another number of elements
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        new Use("Reshape", scope, x).rank(1, Integer.MAX_VALUE, "[batch, …]");
        return x.reshape(Stream.concat(Stream.of(x.shape().size(0)), sizes.stream())
                .mapToInt(Integer::intValue)
                .toArray());
    }
}
