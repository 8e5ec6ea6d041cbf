package org.gradus.nn;

import java.util.List;
import java.util.Map;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Logic;
import org.gradus.ops.Products;
import org.gradus.ops.Softmax;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;

/// Attention in several heads, `softmax(q · kᵀ / √size) · v` on linear maps of queries, keys and values: `[length, batch,
/// features]` to the same shape, with `batch` first where asked for. As a layer it attends to its own input.
///
/// Parameters are `in_proj_weight` `[3 features, features]` (or `q_proj_weight`, `k_proj_weight` and `v_proj_weight` where keys
/// or values have other features), `in_proj_bias`, `out_proj.weight` and `out_proj.bias`; they start as in PyTorch: Xavier's
/// uniform, the last as that of a linear layer, biases 0. A. Vaswani et al., *Attention Is All You Need*, 2017.
///
/// @param heads how many there are; they share the features
/// @param bias whether there are biases
/// @param dropout of the weights, while training
/// @param batchFirst whether inputs and outputs are `[batch, length, features]`
/// @param causal whether as a layer it looks at no later place of the sequence
public record MultiheadAttention(int heads, boolean bias, double dropout, boolean batchFirst, boolean causal)
        implements Layer {
    /// What came of it.
    ///
    /// @param output in the shape of the queries
    /// @param weights what each query took of each key in each head: `[batch, heads, queries, keys]`; PyTorch gives their
    ///     mean over the heads
    public record Result(Tensor output, Tensor weights) {}

    /// @throws org.gradus.base.GradusException when there would be no head
    public MultiheadAttention {
        Use.demand(heads >= 1, "A MultiheadAttention layer", "at least 1 head", heads);
    }

    /// Where each place looks at all others.
    public MultiheadAttention(int heads, boolean bias, double dropout, boolean batchFirst) {
        this(heads, bias, dropout, batchFirst, false);
    }

    /// With PyTorch's defaults: biases, no dropout, length first.
    public static MultiheadAttention of(int heads) {
        return new MultiheadAttention(heads, true, 0, false);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or features that the heads do not share evenly
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return attend(scope, x, x, x, future(scope, x, batchFirst, causal), null)
                .output();
    }

    /// Queries attend to keys and take of their values.
    ///
    /// @param forbidden where a query must not look, `bool[queries, keys]`, or `null`
    /// @param padding which keys are none, `bool[batch, keys]`, or `null`
    /// @throws org.gradus.base.GradusException when the inputs do not go together
    public Result attend(
            Scope scope, Tensor query, Tensor key, Tensor value, @Nullable Tensor forbidden, @Nullable Tensor padding) {
        Use use = new Use("MultiheadAttention", scope, query);
        use.rank(3, 3, batchFirst ? "[batch, length, features]" : "[length, batch, features]");
        int features = query.shape().size(2);
        if (features % heads != 0) {
            throw use.refused("needs features that " + heads + " heads share evenly", "Features are the last axis.");
        }
        List<Tensor> parts = projected(use, features, List.of(query, key, value));
        Tensor q = split(parts.get(0)).div(Math.sqrt((double) features / heads));
        Tensor k = split(parts.get(1));
        Tensor v = split(parts.get(2));
        Tensor scores = q.matmul(k.transposed());
        if (forbidden != null) {
            scores = Logic.where(forbidden, Double.NEGATIVE_INFINITY, scores);
        }
        if (padding != null) {
            Shape keys = Shape.of(padding.shape().size(0), 1, 1, padding.shape().size(1));
            scores = Logic.where(padding.reshape(keys), Double.NEGATIVE_INFINITY, scores);
        }
        Tensor weights = new Dropout(dropout, Dropout.Form.INVERTED, false).forward(scope, Softmax.softmax(scores, -1));
        Tensor taken = weights.matmul(v).permute(batchFirst ? new int[] {0, 2, 1, 3} : new int[] {2, 0, 1, 3});
        Layer out = new Initialised(new Linear(features, bias), Map.of(Role.BIAS, Initial.constant(0)));
        return new Result(scope.call("out_proj", out, taken.reshape(query.shape())), weights);
    }

    /// Where places of a sequence would look at later ones, `bool[length, length]`; null where they may.
    static @Nullable Tensor future(Scope scope, Tensor x, boolean batchFirst, boolean causal) {
        if (!causal) {
            return null;
        }
        new Use("MultiheadAttention", scope, x)
                .rank(3, 3, batchFirst ? "[batch, length, features]" : "[length, batch, features]");
        int length = x.shape().size(batchFirst ? 1 : 0);
        Tensor places = Constants.arange(x.tracer(), Type.INT64, length);
        return Logic.greater(Views.unsqueeze(places, 0), Views.unsqueeze(places, 1));
    }

    /// Queries, keys and values, each mapped to as many features as the queries have.
    private List<Tensor> projected(Use use, int features, List<Tensor> inputs) {
        Initial initial = Initialisers.xavierUniform(1);
        String fact = features + " features";
        List<Tensor> weights;
        if (inputs.stream().allMatch(input -> input.shape().size(-1) == features)) {
            weights = Views.chunk(
                    use.parameter(fact, "in_proj_weight", Role.WEIGHT, initial, 3 * features, features), 0, 3);
        } else {
            weights = List.of(
                    projection(use, fact, "q_proj_weight", features, inputs.get(0)),
                    projection(use, fact, "k_proj_weight", features, inputs.get(1)),
                    projection(use, fact, "v_proj_weight", features, inputs.get(2)));
        }
        List<Tensor> biases = bias
                ? Views.chunk(use.parameter(fact, "in_proj_bias", Role.BIAS, Initial.constant(0), 3 * features), 0, 3)
                : List.of();
        return List.of(
                Products.linear(inputs.get(0), weights.get(0), bias ? biases.get(0) : null),
                Products.linear(inputs.get(1), weights.get(1), bias ? biases.get(1) : null),
                Products.linear(inputs.get(2), weights.get(2), bias ? biases.get(2) : null));
    }

    private static Tensor projection(Use use, String fact, String name, int features, Tensor input) {
        return use.parameter(
                fact,
                name,
                Role.WEIGHT,
                Initialisers.xavierUniform(1),
                features,
                input.shape().size(-1));
    }

    /// To `[batch, heads, length, features of one head]`.
    private Tensor split(Tensor x) {
        Shape shape = x.shape();
        Tensor each = x.reshape(shape.size(0), shape.size(1), heads, shape.size(2) / heads);
        return each.permute(batchFirst ? new int[] {0, 2, 1, 3} : new int[] {1, 2, 0, 3});
    }
}
