package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.nn.Activation;
import org.gradus.nn.AdaptiveAvgPool;
import org.gradus.nn.AdaptiveMaxPool;
import org.gradus.nn.AvgPool;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Bilinear;
import org.gradus.nn.BnConvNet;
import org.gradus.nn.Cell;
import org.gradus.nn.Celu;
import org.gradus.nn.Concat;
import org.gradus.nn.Conv;
import org.gradus.nn.ConvTransposed;
import org.gradus.nn.Dropout;
import org.gradus.nn.Elu;
import org.gradus.nn.Embedding;
import org.gradus.nn.EmbeddingBag;
import org.gradus.nn.Flatten;
import org.gradus.nn.Fold;
import org.gradus.nn.GlobalAvgPool;
import org.gradus.nn.Glu;
import org.gradus.nn.GroupNorm;
import org.gradus.nn.Hardshrink;
import org.gradus.nn.Hardtanh;
import org.gradus.nn.InstanceNorm;
import org.gradus.nn.LayerNorm;
import org.gradus.nn.LeNet;
import org.gradus.nn.LeakyRelu;
import org.gradus.nn.Linear;
import org.gradus.nn.LocalResponseNorm;
import org.gradus.nn.LogSoftmax;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Mlp;
import org.gradus.nn.MultiheadAttention;
import org.gradus.nn.NormPool;
import org.gradus.nn.Pad;
import org.gradus.nn.Permute;
import org.gradus.nn.PixelShuffle;
import org.gradus.nn.Prelu;
import org.gradus.nn.Recurrent;
import org.gradus.nn.RecurrentCell;
import org.gradus.nn.ResNet;
import org.gradus.nn.Reshape;
import org.gradus.nn.Residual;
import org.gradus.nn.RmsNorm;
import org.gradus.nn.Rrelu;
import org.gradus.nn.Select;
import org.gradus.nn.Sequential;
import org.gradus.nn.Softmax;
import org.gradus.nn.Softplus;
import org.gradus.nn.Softshrink;
import org.gradus.nn.Threshold;
import org.gradus.nn.TransformerDecoderLayer;
import org.gradus.nn.TransformerEncoderLayer;
import org.gradus.nn.Unfold;
import org.gradus.nn.UnitSum;
import org.gradus.nn.Upsample;
import org.gradus.nn.WeightNorm;
import org.gradus.ops.Padding;

/// The layers that a configuration can name. A new layer is a row, whose example has the defaults.
final class Layers {
    static final Records<Layer> TYPES = activations(new Records<Layer>())
            .with("adaptive_avg_pool", AdaptiveAvgPool.of(1, 1), "sizes")
            .with("adaptive_max_pool", AdaptiveMaxPool.of(1, 1), "sizes")
            .with("avg_pool1d", AvgPool.avgPool1d(2), "kernel")
            .with("avg_pool2d", AvgPool.avgPool2d(2), "kernel")
            .with("avg_pool3d", AvgPool.avgPool3d(2), "kernel")
            .with("batch_norm", BatchNorm.of())
            .with("bilinear", Bilinear.Branches.of(1), "out")
            .with("bn_convnet", new BnConvNet(1), "classes")
            .with("celu", new Celu(1))
            .with("concat", Concat.of(Sequential.of()), "branches")
            .with("conv1d", Conv.conv1d(1, 1), "out", "kernel")
            .with("conv2d", Conv.conv2d(1, 1), "out", "kernel")
            .with("conv3d", Conv.conv3d(1, 1), "out", "kernel")
            .with("conv_transposed1d", ConvTransposed.convTransposed1d(1, 1), "out", "kernel")
            .with("conv_transposed2d", ConvTransposed.convTransposed2d(1, 1), "out", "kernel")
            .with("conv_transposed3d", ConvTransposed.convTransposed3d(1, 1), "out", "kernel")
            .with("dropout", Dropout.of(0.5))
            .with("elu", new Elu(1))
            .with("embedding", Embedding.of(1, 1), "count", "size")
            .with("embedding_bag", EmbeddingBag.of(1, 1), "count", "size")
            .with("flatten", new Flatten())
            .with("fold", new Fold(List.of(1, 1), Geometry.of(List.of(1, 1))), "sizes", "kernel")
            .with("global_avg_pool", new GlobalAvgPool())
            .with("glu", new Glu(1))
            .with("group_norm", GroupNorm.of(1), "groups")
            .with("hardshrink", new Hardshrink(0.5))
            .with("hardtanh", new Hardtanh(-1, 1))
            .with("instance_norm", InstanceNorm.of())
            .with("layer_norm", LayerNorm.of())
            .with("leaky_relu", new LeakyRelu(0.01))
            .with("lenet", new LeNet(1), "classes")
            .with("linear", Linear.of(1), "out")
            .with("local_response_norm", LocalResponseNorm.of(5))
            .with("log_softmax", new LogSoftmax(-1))
            .with("max_pool1d", MaxPool.maxPool1d(2), "kernel")
            .with("max_pool2d", MaxPool.maxPool2d(2), "kernel")
            .with("max_pool3d", MaxPool.maxPool3d(2), "kernel")
            .with("mlp", Mlp.of(1), "widths")
            .with("multihead_attention", MultiheadAttention.of(1), "heads")
            .with("norm_pool1d", NormPool.normPool1d(2, 2), "kernel")
            .with("norm_pool2d", NormPool.normPool2d(2, 2), "kernel")
            .with("pad", new Pad(Padding.ZEROS, List.of(), List.of()), "before", "after")
            .with("permute", Permute.of(0), "axes")
            .with("pixel_shuffle", new PixelShuffle(2), "factor")
            .with("prelu", Prelu.of())
            .with("recurrent", Recurrent.of(Cell.LSTM, 1), "cell", "hidden")
            .with("recurrent_cell", new RecurrentCell(Cell.LSTM, 1, true), "cell", "hidden")
            .with("reshape", Reshape.of(-1), "sizes")
            .with("residual", Residual.of(Sequential.of()), "body")
            .with("resnet", new ResNet(20, 1), "depth", "classes")
            .with("rms_norm", RmsNorm.of())
            .with("rrelu", new Rrelu(1.0 / 8, 1.0 / 3))
            .with("select", new Select(1, -1), "axis", "index")
            .with("sequential", Sequential.of(), "layers")
            .with("softmax", new Softmax(-1))
            .with("softplus", new Softplus(1, 20))
            .with("softshrink", new Softshrink(0.5))
            .with("threshold", new Threshold(0, 0), "threshold", "value")
            .with("transformer_decoder_layer", TransformerDecoderLayer.Remembering.of(1), "heads")
            .with("transformer_encoder_layer", TransformerEncoderLayer.of(1), "heads")
            .with("unfold", new Unfold(Geometry.of(List.of(1, 1))), "kernel")
            .with("unit_sum", new UnitSum(1))
            .with("upsample", Upsample.by(1))
            .with("weight_norm", new WeightNorm(Linear.of(1)), "layer");

    private Layers() {}

    private static Records<Layer> activations(Records<Layer> rows) {
        for (Activation activation : Activation.values()) {
            rows.with(activation.name().toLowerCase(Locale.ROOT), activation);
        }
        return rows;
    }

    /// The layer behind a key: a table, the name of one that needs no keys, or a list of such, one after the other.
    static Layer one(Table table, String key) {
        return layer(table, key, table.value(key));
    }

    /// The layers of a list.
    static List<Layer> each(Table table, String key) {
        List<Layer> layers = new ArrayList<>();
        for (TomlValue item : table.items(key)) {
            layers.add(layer(table, key, item));
        }
        return layers;
    }

    private static Layer layer(Table parent, String key, TomlValue value) {
        if (value.value() instanceof List<?>) {
            List<Layer> layers = new ArrayList<>();
            for (TomlValue item : value.list()) {
                layers.add(layer(parent, key, item));
            }
            return new Sequential(layers);
        }
        Table table = parent.table(
                key, value.value() instanceof String ? new TomlValue(Map.of("type", value), value.line()) : value);
        table.value("type");
        Layer layer = TYPES.read(table, table.text("type", ""));
        Layer started = Starts.read(table, layer);
        table.end();
        return started;
    }
}
