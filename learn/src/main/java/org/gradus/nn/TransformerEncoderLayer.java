package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// A layer of a transformer's encoder: attention to itself and two linear layers, each with a skip connection and a layer
/// norm; the shape, `[length, batch, features]`, stays. Paths are `self_attn`, `linear1`, `linear2`, `norm1` and `norm2`. A.
/// Vaswani et al., *Attention Is All You Need*, 2017.
///
/// @param heads of the attention
/// @param feedforward the width between the two linear layers
/// @param dropout while training
/// @param activation between the two linear layers
/// @param eps of the layer norms
/// @param normFirst whether norms stand before what they norm (which trains more easily) instead of behind the sum
/// @param batchFirst whether inputs and outputs are `[batch, length, features]`
/// @param causal whether no place looks at a later one; PyTorch's `is_causal`
public record TransformerEncoderLayer(
        int heads,
        int feedforward,
        double dropout,
        Layer activation,
        double eps,
        boolean normFirst,
        boolean batchFirst,
        boolean causal)
        implements Layer {
    /// With PyTorch's defaults: 2048 wide, dropout 0.1, relu, eps 1e-5, norms behind, length first.
    public static TransformerEncoderLayer of(int heads) {
        return new TransformerEncoderLayer(heads, 2048, 0.1, Activation.RELU, 1e-5, false, false, false);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or features that the heads do not share evenly
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return encode(scope, x, MultiheadAttention.future(scope, x, batchFirst, causal), null);
    }

    /// With places that must not be looked at; see [MultiheadAttention#attend].
    public Tensor encode(Scope scope, Tensor x, @Nullable Tensor forbidden, @Nullable Tensor padding) {
        TransformerBlock block = new TransformerBlock(scope, feedforward, dropout, activation, eps, normFirst);
        Tensor attended = block.around(
                "norm1",
                x,
                y -> scope.within(
                        "self_attn",
                        inner -> new MultiheadAttention(heads, true, dropout, batchFirst)
                                .attend(inner, y, y, y, forbidden, padding)
                                .output()));
        return block.around("norm2", attended, block::fed);
    }
}
