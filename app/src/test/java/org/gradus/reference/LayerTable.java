package org.gradus.reference;

import static org.gradus.reference.LayerCheck.layer;
import static org.gradus.reference.LayerCheck.several;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.AdaptiveAvgPool;
import org.gradus.nn.AdaptiveMaxPool;
import org.gradus.nn.AvgPool;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Bilinear;
import org.gradus.nn.Cell;
import org.gradus.nn.Conv;
import org.gradus.nn.ConvTransposed;
import org.gradus.nn.Dropout;
import org.gradus.nn.Embedding;
import org.gradus.nn.EmbeddingBag;
import org.gradus.nn.Flatten;
import org.gradus.nn.Fold;
import org.gradus.nn.Glu;
import org.gradus.nn.GroupNorm;
import org.gradus.nn.InstanceNorm;
import org.gradus.nn.LayerNorm;
import org.gradus.nn.Linear;
import org.gradus.nn.LocalResponseNorm;
import org.gradus.nn.LogSoftmax;
import org.gradus.nn.MaxPool;
import org.gradus.nn.MultiheadAttention;
import org.gradus.nn.NormPool;
import org.gradus.nn.Pad;
import org.gradus.nn.PixelShuffle;
import org.gradus.nn.Prelu;
import org.gradus.nn.Recurrent;
import org.gradus.nn.RecurrentCell;
import org.gradus.nn.Softmax;
import org.gradus.nn.TransformerDecoderLayer;
import org.gradus.nn.TransformerEncoderLayer;
import org.gradus.nn.Unfold;
import org.gradus.nn.Upsample;
import org.gradus.nn.WeightNorm;
import org.gradus.ops.Activations;
import org.gradus.ops.Convolutions;
import org.gradus.ops.Distances;
import org.gradus.ops.Padding;
import org.gradus.ops.Selection;

/// Cases of kind `layer`, by PyTorch's names of layers and arguments.
final class LayerTable {
    static final Map<String, Check> TABLE = new HashMap<>();

    static {
        one("Linear", s -> new Linear(s.number(1, "out_features", 0), s.flag("bias", true)));
        one("Conv1d", s -> conv(s, k -> Conv.conv1d(s.number(1, "out_channels", 0), k[0])));
        one("Conv2d", s -> conv(s, k -> Conv.conv2d(s.number(1, "out_channels", 0), k)));
        one("Conv3d", s -> conv(s, k -> Conv.conv3d(s.number(1, "out_channels", 0), k)));
        one("MaxPool1d", s -> maxPool(s, MaxPool.maxPool1d(s.number(0, "kernel_size", 0))));
        put("MaxPool2d", several(s -> {
            MaxPool layer = maxPool(s, MaxPool.maxPool2d(s.numbers(0, "kernel_size")));
            return (scope, in) -> {
                Selection found = layer.select(scope, in.get("x"));
                return s.flag("return_indices", false)
                        ? List.of(found.values(), found.indices())
                        : List.of(found.values());
            };
        }));
        one("AvgPool1d", s -> avgPool(s, AvgPool.avgPool1d(s.number(0, "kernel_size", 0))));
        one("AvgPool2d", s -> avgPool(s, AvgPool.avgPool2d(s.numbers(0, "kernel_size"))));
        put("BatchNorm1d", layer(LayerTable::batchNorm).slope(LayerTable::meanInDeviations));
        put("BatchNorm2d", layer(LayerTable::batchNorm).slope(LayerTable::meanInDeviations));
        put("BatchNorm3d", layer(LayerTable::batchNorm).slope(LayerTable::meanInDeviations));
        one(
                "LayerNorm",
                s -> new LayerNorm(
                        s.numbers(0, "normalized_shape").length,
                        s.real(1, "eps", 1e-5),
                        s.flag("elementwise_affine", true)));
        one("GroupNorm", s -> GroupNorm.of(s.number(0, "num_groups", 0)));
        one("InstanceNorm1d", LayerTable::instanceNorm);
        one("InstanceNorm2d", LayerTable::instanceNorm);
        one(
                "LocalResponseNorm",
                s -> new LocalResponseNorm(
                        s.number(0, "size", 0), s.real(1, "alpha", 1e-4), s.real(2, "beta", 0.75), s.real(3, "k", 1)));
        one("ConvTranspose1d", s -> convTransposed(s, k -> ConvTransposed.convTransposed1d(out(s), k[0])));
        one("ConvTranspose2d", s -> convTransposed(s, k -> ConvTransposed.convTransposed2d(out(s), k)));
        one("AdaptiveAvgPool2d", s -> AdaptiveAvgPool.of(twice(s.numbers(0, "output_size"))));
        one("AdaptiveMaxPool2d", s -> AdaptiveMaxPool.of(twice(s.numbers(0, "output_size"))));
        one("LPPool2d", s -> NormPool.normPool2d(s.real(0, "norm_type", 0), s.numbers(1, "kernel_size")));
        put(
                "Bilinear",
                several(s -> (scope, in) -> List.of(new Bilinear(s.number(2, "out_features", 0), true)
                        .forward(scope, in.get("x1"), in.get("x2")))));
        put("RNN", recurrent(Cell.RNN));
        put("LSTM", recurrent(Cell.LSTM));
        put("GRU", recurrent(Cell.GRU));
        put("RNNCell", cell(Cell.RNN));
        put("LSTMCell", cell(Cell.LSTM));
        put("GRUCell", cell(Cell.GRU));
        put(
                "MultiheadAttention",
                several(LayerTable::attention).referenceError("d_p_in_proj_bias", LayerTable::ofKeys));
        put(
                "TransformerEncoderLayer",
                layer(s -> new TransformerEncoderLayer(
                                s.number(1, "nhead", 0),
                                s.number(2, "dim_feedforward", 2048),
                                s.real(3, "dropout", 0.1),
                                s.text("activation", "relu").equals("gelu") ? Activation.GELU : Activation.RELU,
                                1e-5,
                                s.flag("norm_first", false),
                                false,
                                false))
                        .referenceError("d_p_self_attn.in_proj_bias", LayerTable::ofKeys));
        put(
                "TransformerDecoderLayer",
                several(s -> (scope, in) -> List.of(new TransformerDecoderLayer(
                                        s.number(1, "nhead", 0),
                                        s.number(2, "dim_feedforward", 2048),
                                        s.real(3, "dropout", 0.1),
                                        Activation.RELU,
                                        1e-5,
                                        false,
                                        false)
                                .forward(scope, in.get("x"), in.get("mem"), null)))
                        .referenceError("d_p_self_attn.in_proj_bias", LayerTable::ofKeys)
                        .referenceError("d_p_multihead_attn.in_proj_bias", LayerTable::ofKeys));
        put(
                "Embedding",
                several(s -> (scope, in) -> List.of(new Embedding(
                                s.number(0, "num_embeddings", 0),
                                s.number(1, "embedding_dim", 0),
                                s.number(2, "padding_idx", -1),
                                s.flag("scale_grad_by_freq", false))
                        .forward(scope, in.get("ids")))));
        put(
                "EmbeddingBag",
                several(s -> (scope, in) -> List.of(new EmbeddingBag(
                                s.number(0, "num_embeddings", 0),
                                s.number(1, "embedding_dim", 0),
                                EmbeddingBag.Fold.valueOf(s.text("mode", "mean").toUpperCase(Locale.ROOT)))
                        .pool(scope, in.get("ids"), in.get("offsets")))));
        one("PReLU", s -> new Prelu(s.number(0, "num_parameters", 1) > 1, s.real(1, "init", 0.25)));
        one("Upsample", LayerTable::upsample);
        one("PixelShuffle", s -> new PixelShuffle(s.number(0, "upscale_factor", 0)));
        one("ReflectionPad2d", s -> pad(Padding.REFLECT, s.numbers(0, "padding")));
        one("ReplicationPad2d", s -> pad(Padding.REPLICATE, s.numbers(0, "padding")));
        one("ZeroPad2d", s -> pad(Padding.ZEROS, s.numbers(0, "padding")));
        one("Unfold", s -> new Unfold(geometry(s, s.numbers(0, "kernel_size"))));
        one("Fold", s -> new Fold(list(s.numbers(0, "output_size")), geometry(s, s.numbers(1, "kernel_size"))));
        one("GLU", s -> new Glu(s.number(0, "dim", -1)));
        one("Softmax", s -> new Softmax(s.number(0, "dim", -1)));
        one("Softmin", s -> (scope, x) -> new Softmax(s.number(0, "dim", -1)).forward(scope, x.negated()));
        one("LogSoftmax", s -> new LogSoftmax(s.number(0, "dim", -1)));
        one("Softmax2d", s -> new Softmax(1));
        put(
                "CosineSimilarity",
                several(s -> (scope, in) ->
                        List.of(Distances.cosineSimilarity(in.get("a"), in.get("b"), s.number(0, "dim", 1), 1e-8))));
        put(
                "PairwiseDistance",
                several(s -> (scope, in) ->
                        List.of(Distances.pairwiseDistance(in.get("a"), in.get("b"), s.real(0, "p", 2), 1e-6))));
        one("weight_norm(Linear)", s -> new WeightNorm(Linear.of(3)));
        one("resblock", s -> new ResidualBlock());
        one("Dropout", s -> Dropout.of(s.real(0, "p", 0.5)));
        one("Flatten", s -> new Flatten());
    }

    private LayerTable() {}

    private static void one(String op, Function<Settings, Layer> build) {
        put(op, layer(build));
    }

    private static void put(String op, Check check) {
        if (TABLE.put(op, check) != null) {
            throw new IllegalArgumentException("The table has `" + op + "` twice.");
        }
    }

    private static Conv conv(Settings s, Function<int[], Conv> of) {
        Conv conv = of.apply(s.numbers(2, "kernel_size"))
                .stride(s.numbers(3, "stride", 1))
                .dilation(s.numbers(5, "dilation", 1))
                .groups(s.number(6, "groups", 1))
                .padding(Padding.valueOf(s.text("padding_mode", "zeros").toUpperCase(Locale.ROOT)));
        Conv padded =
                s.text("padding", "").equals("same") ? conv.samePadding() : conv.padding(s.numbers(4, "padding", 0));
        return s.flag("bias", true) ? padded : padded.withoutBias();
    }

    private static MaxPool maxPool(Settings s, MaxPool pool) {
        MaxPool moved = pool.padding(s.numbers(2, "padding", 0)).dilation(s.numbers(3, "dilation", 1));
        MaxPool strided = s.has(1, "stride") ? moved.stride(s.numbers(1, "stride")) : moved;
        return s.flag("ceil_mode", false) ? strided.ceilMode() : strided;
    }

    private static AvgPool avgPool(Settings s, AvgPool pool) {
        AvgPool padded = pool.padding(s.numbers(2, "padding", 0)).divisor(s.real(-1, "divisor_override", 0));
        AvgPool strided = s.has(1, "stride") ? padded.stride(s.numbers(1, "stride")) : padded;
        AvgPool counted = s.flag("count_include_pad", true) ? strided : strided.withoutPadding();
        return s.flag("ceil_mode", false) ? counted.ceilMode() : counted;
    }

    private static BatchNorm batchNorm(Settings s) {
        BatchNorm norm = BatchNorm.of()
                .eps(s.real(1, "eps", 1e-5))
                .momentum(s.isNone("momentum") ? null : Double.valueOf(s.real(2, "momentum", 0.1)));
        BatchNorm tracked = s.flag("track_running_stats", true) ? norm : norm.untracked();
        return s.flag("affine", true) ? tracked : tracked.withoutAffine();
    }

    private static InstanceNorm instanceNorm(Settings s) {
        return new InstanceNorm(
                s.real(1, "eps", 1e-5), 0.1, s.flag("affine", false), s.flag("track_running_stats", false));
    }

    /// relu(bn2(conv2(relu(bn1(conv1 x)))) + conv1x1 x).
    private record ResidualBlock() implements Layer {
        @Override
        public Tensor forward(Scope scope, Tensor x) {
            Layer conv = Conv.conv2d(4, 3).padding(1).withoutBias();
            Tensor y = Activations.relu(scope.call("b1", BatchNorm.of(), scope.call("c1", conv, x)));
            Tensor z = scope.call("b2", BatchNorm.of(), scope.call("c2", conv, y));
            return Activations.relu(z.plus(scope.call("sc", Conv.conv2d(4, 1), x)));
        }
    }

    private static int out(Settings s) {
        return s.number(1, "out_channels", 0);
    }

    private static int[] twice(int[] numbers) {
        return numbers.length == 1 ? new int[] {numbers[0], numbers[0]} : numbers;
    }

    private static List<Integer> list(int[] numbers) {
        return IntStream.of(numbers).boxed().toList();
    }

    private static ConvTransposed convTransposed(Settings s, Function<int[], ConvTransposed> of) {
        return of.apply(s.numbers(2, "kernel_size"))
                .stride(s.numbers(3, "stride", 1))
                .padding(s.numbers(4, "padding", 0))
                .outputPadding(s.numbers(5, "output_padding", 0))
                .groups(s.number(6, "groups", 1))
                .dilation(s.numbers(8, "dilation", 1));
    }

    private static Check recurrent(Cell cell) {
        return several(s -> {
            Recurrent one = Recurrent.of(
                            s.text("nonlinearity", "tanh").equals("relu") ? Cell.RNN_RELU : cell,
                            s.number(1, "hidden_size", 0))
                    .layers(s.number(2, "num_layers", 1))
                    .projection(s.number(-1, "proj_size", 0));
            Recurrent biased = s.flag("bias", true) ? one : one.withoutBias();
            Recurrent ordered = s.flag("batch_first", false) ? biased.withBatchFirst() : biased;
            Recurrent layer = s.flag("bidirectional", false) ? ordered.inBothDirections() : ordered;
            return (scope, in) -> {
                List<Tensor> initial = Stream.of("h0", "c0")
                        .filter(in::containsKey)
                        .map(in::get)
                        .toList();
                Recurrent.Result found = layer.run(scope, in.get("x"), initial, in.get("lengths"));
                return Stream.concat(Stream.of(found.output()), found.states().stream())
                        .toList();
            };
        });
    }

    private static Check cell(Cell cell) {
        return several(s -> (scope, in) -> new RecurrentCell(cell, s.number(1, "hidden_size", 0), true)
                .step(
                        scope,
                        in.get("x"),
                        Stream.of("h", "c").filter(in::containsKey).map(in::get).toList()));
    }

    private static LayerCheck.Model attention(Settings s) {
        MultiheadAttention layer = new MultiheadAttention(
                s.number(1, "num_heads", 0), s.flag("bias", true), 0, s.flag("batch_first", false));
        return (scope, in) -> {
            Tensor x = in.get("x");
            MultiheadAttention.Result found = layer.attend(
                    scope,
                    in.getOrDefault("q", x),
                    in.getOrDefault("k", x),
                    in.getOrDefault("v", x),
                    in.get("mask"),
                    in.get("pad"));
            Tensor weights = found.weights();
            boolean ofHeads =
                    s.given().array("y1").shape().rank() == weights.shape().rank();
            return List.of(found.output(), ofHeads ? weights : weights.mean(1));
        };
    }

    /// The gradient of the keys' bias, the middle third, is 0: it shifts all scores of a query alike. What is stored is
    /// what was left of a sum of at most 64 terms around 1 (batch, queries and keys), each off by half an ulp.
    private static double ofKeys(int place, Array stored) {
        return 3 * place / stored.count() == 1 ? 64 * Math.ulp(1.0) : 0;
    }

    private static Upsample upsample(Settings s) {
        Upsample.Between between = !s.text("mode", "nearest").equals("bilinear")
                ? Upsample.Between.NEAREST
                : s.flag("align_corners", false) ? Upsample.Between.LINEAR_CORNERS : Upsample.Between.LINEAR;
        Upsample layer =
                s.has(0, "size") ? Upsample.to(s.numbers(0, "size")) : Upsample.by((int) s.real(1, "scale_factor", 1));
        return layer.between(between);
    }

    /// PyTorch's order is left, right, top, bottom.
    private static Pad pad(Padding padding, int[] sides) {
        return new Pad(padding, List.of(sides[2], sides[0]), List.of(sides[3], sides[1]));
    }

    private static Geometry geometry(Settings s, int[] kernel) {
        return Convolutions.geometry(
                Shape.of(kernel), s.number(-1, "stride", 1), s.number(-1, "padding", 0), s.number(-1, "dilation", 1));
    }

    /// The largest mean of a channel in its deviations, or 1: taking off the mean leaves numbers that are as much smaller,
    /// and errors as they were.
    private static double meanInDeviations(Case given) {
        Array x = given.array("x");
        int channels = x.shape().size(1);
        int inner = x.shape().part(2, x.shape().rank()).count();
        double most = 1;
        for (int channel = 0; channel < channels; channel++) {
            int mine = channel;
            double[] values = IntStream.range(0, x.count())
                    .filter(i -> i / inner % channels == mine)
                    .mapToDouble(x::get)
                    .toArray();
            double centre = Arrays.stream(values).average().orElse(0);
            double variance = Arrays.stream(values)
                    .map(v -> (v - centre) * (v - centre))
                    .average()
                    .orElse(0);
            most = Math.max(most, Math.abs(centre) / Math.sqrt(variance + 1e-5));
        }
        return most;
    }
}
