package org.gradus.nn;

import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Geometry;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;
import org.gradus.ops.Padding;
import org.gradus.run.Session;
import org.jspecify.annotations.Nullable;

/// The table of layers. Adding a layer adds a row.
final class LayerCases {
    private static final long SEED = Long.getLong("gradus.seed", 11);

    /// A layer and an input for it.
    ///
    /// @param differs whether it computes something else when it trains
    /// @param words how many words there are, when the input is their numbers; else 0
    record LayerCase(String name, Layer layer, Shape input, boolean differs, int words) {
        /// This, where training computes something else.
        LayerCase training() {
            return new LayerCase(name, layer, input, true, words);
        }

        /// Normal numbers, or words.
        Array point() {
            Philox random = Philox.of(SEED, Philox.stream(name, 0), 0);
            Array array = Array.zeros(new TensorType(words > 0 ? Type.INT64 : Type.FLOAT64, input));
            for (int i = 0; i < array.count(); i++) {
                array.set(i, words > 0 ? words * random.uniform(Type.FLOAT64, i) : random.normal(Type.FLOAT64, i));
            }
            return array;
        }

        /// The shape of what comes out; afterwards the session has the layer's numbers.
        Shape shape(Session session, Scope.Mode mode) {
            return session.eagerly(mode, (scope, in) -> List.of(layer.forward(scope, in.get(0))), point())
                    .get(0)
                    .shape();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private LayerCases() {}

    static Stream<LayerCase> all() {
        return Stream.of(images(), norms(), sequences(), activations(), others())
                .flatMap(rows -> rows);
    }

    /// The table and whole networks, which have too many parameters for differences.
    static Stream<LayerCase> withNetworks() {
        return Stream.concat(
                all(),
                Stream.of(
                        row("lenet", new LeNet(3), 1, 1, 28, 28),
                        row("bn convnet", new BnConvNet(3), 2, 3, 8, 8).training(),
                        row("resnet", new ResNet(8, 3), 2, 3, 8, 8).training()));
    }

    /// The classes of all layers in the table, also of those inside of others.
    static Set<Class<?>> types() {
        Set<Class<?>> types = new HashSet<>();
        withNetworks().forEach(row -> collect(row.layer(), types));
        return types;
    }

    private static void collect(@Nullable Object part, Set<Class<?>> types) {
        switch (part) {
            case List<?> list -> list.forEach(item -> collect(item, types));
            case Layer layer -> {
                types.add(layer.getClass());
                for (RecordComponent component :
                        layer instanceof Record ? layer.getClass().getRecordComponents() : new RecordComponent[0]) {
                    try {
                        collect(component.getAccessor().invoke(layer), types);
                    } catch (ReflectiveOperationException e) {
                        throw new LinkageError(e.getMessage(), e);
                    }
                }
            }
            case null, default -> {}
        }
    }

    private static Stream<LayerCase> images() {
        Geometry window = Axes.kernel(2, 2, 3);
        return Stream.of(
                row("conv1d", Conv.conv1d(2, 3).stride(2).padding(2).dilation(2), 2, 3, 7),
                row("conv2d", Conv.conv2d(4, 3).padding(1).groups(2), 2, 2, 4, 5),
                row("conv2d same", Conv.conv2d(2, 2, 3).stride(2).samePadding(), 1, 2, 5, 4),
                row("conv2d reflect", Conv.conv2d(2, 3).padding(1).padding(Padding.REFLECT), 1, 2, 3, 4),
                row("conv2d replicate", Conv.conv2d(2, 3).padding(2).padding(Padding.REPLICATE), 1, 2, 3, 4),
                row("conv2d circular", Conv.conv2d(2, 3).padding(1).padding(Padding.CIRCULAR), 1, 2, 3, 4),
                row("conv3d", Conv.conv3d(2, 2).withoutBias(), 1, 2, 3, 3, 2),
                row(
                        "conv transposed",
                        ConvTransposed.convTransposed2d(2, 3).stride(2).outputPadding(1),
                        1,
                        3,
                        2,
                        3),
                row("max pool 1d", MaxPool.maxPool1d(3).stride(2).padding(1), 2, 2, 7),
                row("max pool 2d", MaxPool.maxPool2d(3).stride(2).ceilMode(), 2, 2, 6, 5),
                row("max pool 3d", MaxPool.maxPool3d(2), 1, 2, 4, 4, 2),
                row("avg pool 2d", AvgPool.avgPool2d(3).stride(2).padding(1).withoutPadding(), 2, 2, 6, 5),
                row("avg pool 3d", AvgPool.avgPool3d(2), 1, 2, 4, 4, 2),
                row("norm pool", NormPool.normPool2d(2, 2), 1, 2, 4, 4),
                row("global avg pool", new GlobalAvgPool(), 2, 3, 4, 2),
                row("adaptive avg pool", AdaptiveAvgPool.of(3, 2), 1, 2, 5, 4),
                row("adaptive max pool", AdaptiveMaxPool.of(3, 2), 1, 2, 5, 4),
                row("upsample", Upsample.by(2), 1, 2, 2, 3),
                row("upsample nearest", Upsample.to(5, 2), 1, 2, 3, 3),
                row("upsample linear", Upsample.to(5, 2).between(Upsample.Between.LINEAR), 1, 2, 3, 3),
                row("pixel shuffle", new PixelShuffle(2), 1, 8, 2, 3),
                row("pad", new Pad(Padding.REFLECT, List.of(1, 2), List.of(0, 1)), 1, 2, 3, 4),
                row("unfold", new Unfold(Axes.padded(window, 1)), 1, 2, 3, 4),
                row("fold", new Fold(List.of(3, 4), window), 1, 12, 4));
    }

    private static Stream<LayerCase> norms() {
        return Stream.of(
                row("batch norm", BatchNorm.of(), 5, 3).training(),
                row("batch norm of images", BatchNorm.of().momentum(null), 2, 3, 2, 2)
                        .training(),
                row("batch norm of units", BatchNorm.of().units(0, 2), 5, 3).training(),
                row("batch norm, untracked", BatchNorm.of().untracked().withoutAffine(), 5, 3),
                row("layer norm", LayerNorm.of(), 3, 4),
                row("layer norm over two axes", new LayerNorm(2, 0.1, true), 2, 3, 2),
                row("group norm", GroupNorm.of(2), 2, 4, 3),
                row("instance norm", InstanceNorm.of(), 2, 3, 4),
                row("instance norm, tracked", new InstanceNorm(1e-5, 0.1, true, true), 2, 3, 4)
                        .training(),
                row("rms norm", RmsNorm.of(), 3, 4),
                row("local response norm", new LocalResponseNorm(3, 0.2, 0.75, 1), 2, 5, 2),
                row("log softmax", new LogSoftmax(-1), 3, 4),
                row("softmax", new Softmax(1), 3, 4),
                row("rows of sum 1", Sequential.of(new Elu(0.5), (scope, x) -> x.plus(1), new UnitSum(1)), 3, 4));
    }

    private static Stream<LayerCase> sequences() {
        return Stream.of(
                row("rnn", Recurrent.of(Cell.RNN, 2).layers(2).inBothDirections(), 3, 1, 2),
                row("rnn relu", Recurrent.of(Cell.RNN_RELU, 3).withoutBias(), 3, 2, 2),
                row("lstm", Recurrent.of(Cell.LSTM, 3).projection(2).withBatchFirst(), 2, 3, 2),
                row("gru", Recurrent.of(Cell.GRU, 3), 3, 2, 2),
                row("gru with dropout", Recurrent.of(Cell.GRU, 2).layers(2).dropout(0.4), 2, 2, 2)
                        .training(),
                row(
                        "lstm with lengths",
                        (scope, x) -> Recurrent.of(Cell.LSTM, 2)
                                .inBothDirections()
                                .run(scope, x, List.of(), x.tracer().constant(Array.of(Shape.of(2), 3L, 1L)))
                                .states()
                                .get(1),
                        3,
                        2,
                        2),
                row("lstm cell", new RecurrentCell(Cell.LSTM, 3, true), 2, 4),
                row("attention", MultiheadAttention.of(2), 3, 2, 4),
                row("causal attention", new MultiheadAttention(2, true, 0, true, true), 2, 3, 4),
                row("attention to others", LayerCases::attendingToOthers, 2, 3, 4),
                row(
                                "transformer encoder",
                                new TransformerEncoderLayer(2, 2, 0.2, Activation.GELU, 1e-5, true, false, false),
                                2,
                                1,
                                4)
                        .training(),
                row(
                        "transformer decoder",
                        (scope, x) -> new TransformerDecoderLayer(2, 2, 0, Activation.TANH, 1e-5, false, true)
                                .forward(scope, x, x.squared(), null),
                        1,
                        2,
                        4),
                row(
                        "causal transformer encoder",
                        new TransformerEncoderLayer(2, 2, 0, Activation.GELU, 1e-5, true, true, true),
                        1,
                        3,
                        4),
                row(
                        "transformer decoder of its own input",
                        new TransformerDecoderLayer.Remembering(
                                Activation.TANH, 2, 2, 0, Activation.TANH, 1e-5, false, true, true),
                        1,
                        2,
                        4),
                new LayerCase("embedding", Embedding.of(4, 3), Shape.of(2, 5), false, 4),
                new LayerCase("bag of words", EmbeddingBag.of(4, 3), Shape.of(2, 5), false, 4),
                new LayerCase(
                        "largest of words", new EmbeddingBag(4, 3, EmbeddingBag.Fold.MAX), Shape.of(2, 5), false, 4));
    }

    private static Stream<LayerCase> activations() {
        return Stream.of(Activation.values()).map(activation -> row(activation.name(), activation, 3, 4));
    }

    private static Stream<LayerCase> others() {
        return Stream.of(
                row("linear", Linear.of(3), 2, 4),
                row("bilinear", (scope, x) -> new Bilinear(2, true).forward(scope, x, x.tanh()), 3, 2),
                row("bilinear branches", new Bilinear.Branches(Linear.of(2), Activation.TANH, 2, true), 3, 2),
                row("dropout", Dropout.of(0.5), 4, 5).training(),
                row("dropout, plain", Dropout.of(0.5).form(Dropout.Form.PLAIN), 4, 5)
                        .training(),
                row("dropout of channels", Dropout.of(0.5).ofChannels(), 2, 6, 3)
                        .training(),
                row("dropout, alpha", Dropout.of(0.5).form(Dropout.Form.ALPHA), 4, 5)
                        .training(),
                row("prelu", Prelu.of(), 3, 4),
                row("prelu of channels", new Prelu(true, 0.25), 3, 4, 2),
                row("rrelu", new Rrelu(1.0 / 8, 1.0 / 3), 3, 4).training(),
                row("leaky relu", new LeakyRelu(0.01), 3, 4),
                row("celu", new Celu(0.7), 3, 4),
                row("softplus", new Softplus(1, 20), 3, 4),
                row("hardtanh", new Hardtanh(-1, 1), 3, 4),
                row("hardshrink", new Hardshrink(0.5), 3, 4),
                row("softshrink", new Softshrink(0.5), 3, 4),
                row("threshold", new Threshold(0.1, 20), 3, 4),
                row("glu", new Glu(1), 3, 4),
                row("flatten", new Flatten(), 2, 3, 2),
                row("reshape", Reshape.of(2, -1), 3, 4),
                row("permute", Permute.of(0, 2, 1), 2, 3, 4),
                row("select", new Select(1, -1), 2, 3, 4),
                row("residual", new Residual(Linear.of(4), Activation.TANH), 3, 4),
                row("mlp", new Mlp(List.of(3, 2), Activation.TANH), 3, 4),
                row("block", new ResNet.Block(2, 1), 2, 2, 3, 3).training(),
                row("branches", Concat.of(Linear.of(2), Activation.SELU), 3, 4),
                row("weight norm", new WeightNorm(Conv.conv1d(2, 3)), 2, 2, 4),
                row("other start", Initialised.weights(Linear.of(3), Initialisers.orthogonal(1)), 2, 4));
    }

    private static Tensor attendingToOthers(org.gradus.graph.Scope scope, Tensor x) {
        Tensor forbidden = x.tracer()
                .constant(Array.of(Shape.of(3, 3), false, true, true, false, false, true, false, false, false));
        Tensor padding = x.tracer().constant(Array.of(Shape.of(2, 3), false, false, true, false, false, false));
        MultiheadAttention.Result found =
                new MultiheadAttention(2, true, 0, true).attend(scope, x, x.tanh(), x.squared(), forbidden, padding);
        return found.output().plus(Logic.where(forbidden, 0, found.weights()).sum());
    }

    private static LayerCase row(String name, Layer layer, int... input) {
        return new LayerCase(name, layer, Shape.of(input), false, 0);
    }
}
