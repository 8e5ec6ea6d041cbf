package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.jspecify.annotations.Nullable;

/// A layer of a transformer's decoder: attention to itself, attention to what the encoder gave, and two linear layers, each
/// with a skip connection and a layer norm; the shape, `[length, batch, features]`, stays. Paths are `self_attn`,
/// `multihead_attn`, `linear1`, `linear2` and `norm1` to `norm3`. A. Vaswani et al., *Attention Is All You Need*, 2017.
///
/// @param heads of the attention
/// @param feedforward the width between the two linear layers
/// @param dropout while training
/// @param activation between the two linear layers
/// @param eps of the layer norms
/// @param normFirst whether norms stand before what they norm (which trains more easily) instead of behind the sum
/// @param batchFirst whether inputs and outputs are `[batch, length, features]`
public record TransformerDecoderLayer(
        int heads,
        int feedforward,
        double dropout,
        Layer activation,
        double eps,
        boolean normFirst,
        boolean batchFirst) {
    /// With PyTorch's defaults: 2048 wide, dropout 0.1, relu, eps 1e-5, norms behind, length first.
    public static TransformerDecoderLayer of(int heads) {
        return new TransformerDecoderLayer(heads, 2048, 0.1, Activation.RELU, 1e-5, false, false);
    }

    /// The layer where what it attends to is made of its own input.
    ///
    /// @param memory what makes that, `[length of its own, batch, features]`
    /// @param causal whether no place looks at a later one of the input
    public record Remembering(
            Layer memory,
            int heads,
            int feedforward,
            double dropout,
            Layer activation,
            double eps,
            boolean normFirst,
            boolean batchFirst,
            boolean causal)
            implements Layer {
        /// With PyTorch's defaults, and the input as memory.
        public static Remembering of(int heads) {
            return new Remembering(Activation.IDENTITY, heads, 2048, 0.1, Activation.RELU, 1e-5, false, false, false);
        }

        @Override
        public Tensor forward(Scope scope, Tensor x) {
            Tensor remembered = scope.call("memory", memory, x);
            Tensor forbidden = MultiheadAttention.future(scope, x, batchFirst, causal);
            return new TransformerDecoderLayer(heads, feedforward, dropout, activation, eps, normFirst, batchFirst)
                    .forward(scope, x, remembered, forbidden);
        }
    }

    /// The layer's output.
    ///
    /// @param memory what the encoder gave, `[length of its own, batch, features]`
    /// @param forbidden where a place must not look at another of `x`, `bool[length, length]`, or `null`
    /// @throws org.gradus.base.GradusException when an input has other axes, or features that the heads do not share evenly
    public Tensor forward(Scope scope, Tensor x, Tensor memory, @Nullable Tensor forbidden) {
        TransformerBlock block = new TransformerBlock(scope, feedforward, dropout, activation, eps, normFirst);
        MultiheadAttention attention = new MultiheadAttention(heads, true, dropout, batchFirst);
        Tensor own = block.around(
                "norm1",
                x,
                y -> scope.within(
                        "self_attn",
                        inner -> attention
                                .attend(inner, y, y, y, forbidden, null)
                                .output()));
        Tensor others = block.around(
                "norm2",
                own,
                y -> scope.within(
                        "multihead_attn",
                        inner -> attention
                                .attend(inner, y, memory, memory, null, null)
                                .output()));
        return block.around("norm3", others, block::fed);
    }
}
