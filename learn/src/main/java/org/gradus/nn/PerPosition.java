package org.gradus.nn;

import org.gradus.base.Shape;
import org.gradus.graph.Tensor;

/// The loss of a model that says something at each position of a sequence, such as which character comes next: outputs
/// `[batch, positions, …]` and labels `[batch, positions, …]` are handed on as those of batch·positions examples.
///
/// @param loss of one position
public record PerPosition(Loss loss) implements Loss {
    @Override
    public Tensor of(Tensor output, Tensor labels) {
        return loss.of(merged(output), merged(labels));
    }

    @Override
    public Tensor of(Tensor output, Tensor labels, Tensor weights) {
        int[] each = {labels.shape().size(0), labels.shape().size(1)};
        Tensor spread = weights.reshape(each[0], 1).broadcastTo(Shape.of(each));
        return loss.of(merged(output), merged(labels), merged(spread));
    }

    private static Tensor merged(Tensor x) {
        int[] sizes = x.shape().sizes();
        Use.demand(sizes.length >= 2, "A loss per position", "[batch, positions, …]", x.shape());
        int[] merged = new int[sizes.length - 1];
        System.arraycopy(sizes, 1, merged, 0, merged.length);
        merged[0] = sizes[0] * sizes[1];
        return x.reshape(merged);
    }
}
