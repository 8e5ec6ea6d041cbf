package org.gradus.strategies;

import java.util.stream.IntStream;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Dropout;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.ops.Elementwise;
import org.jspecify.annotations.Nullable;

/// An autoencoder of some layers of a model: what a decoder makes of their output, less what they were given. The layers have
/// the paths that they have in the model, the decoder has `decoder`. Its loss is the mean square of its output, whatever the
/// labels. G. Hinton, R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*, 2006.
///
/// @param model whose layers these are
/// @param flat whether examples become vectors first, as an [org.gradus.nn.Mlp] makes them
/// @param from the first of them; those before give the input
/// @param to the one after the last
/// @param decoder from their output to numbers that are as many as the input's; null for a linear one
/// @param corruption the share of the input that is left out at random while training (P. Vincent et al., *Extracting and
///     Composing Robust Features with Denoising Autoencoders*, 2008)
public record Reconstruction(
        Sequential model,
        boolean flat,
        int from,
        int to,
        @Nullable Layer decoder,
        double corruption) implements Layer {
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        Tensor given = Elementwise.stopGradient(through(scope, flat ? new Flatten().forward(scope, x) : x, 0, from));
        Tensor seen = corruption == 0 ? given : scope.call("corruption", Dropout.of(corruption), given);
        Tensor code = through(scope, seen, from, to);
        int count = IntStream.range(1, given.shape().rank())
                .map(given.shape()::size)
                .reduce(1, Math::multiplyExact);
        Layer back = decoder == null ? Sequential.of(new Flatten(), Linear.of(count)) : decoder;
        return scope.call("decoder", back, code).reshape(given.shape().sizes()).minus(given);
    }

    private Tensor through(Scope scope, Tensor x, int first, int end) {
        Tensor y = x;
        for (int i = first; i < end; i++) {
            y = scope.call(String.valueOf(i), model.layers().get(i), y);
        }
        return y;
    }

    /// The mean square of a reconstruction's output.
    static Tensor loss(Tensor output, Tensor labels) {
        return output.squared().mean();
    }
}
