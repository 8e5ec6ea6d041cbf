package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Form;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.nn.Activation;
import org.gradus.nn.AvgPool;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Bilinear;
import org.gradus.nn.Cell;
import org.gradus.nn.Concat;
import org.gradus.nn.Conv;
import org.gradus.nn.ConvTransposed;
import org.gradus.nn.Declared;
import org.gradus.nn.Dropout;
import org.gradus.nn.Initialised;
import org.gradus.nn.InstanceNorm;
import org.gradus.nn.Linear;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Mlp;
import org.gradus.nn.MultiheadAttention;
import org.gradus.nn.Permute;
import org.gradus.nn.Recurrent;
import org.gradus.nn.ResNet;
import org.gradus.nn.Reshape;
import org.gradus.nn.Residual;
import org.gradus.nn.Select;
import org.gradus.nn.Sequential;
import org.gradus.nn.TransformerDecoderLayer;
import org.gradus.nn.TransformerEncoderLayer;
import org.gradus.nn.WeightNorm;
import org.gradus.ops.Padding;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LayersTest {
    private static final Task TEN =
            new Task(new Form.Image(1, 8, 8), List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), null);

    @Test
    void everyLayerHasARow() throws IOException, URISyntaxException, ClassNotFoundException {
        Set<Class<?>> layers = Declared.publicly(Layer.class);
        // An Initialised layer is the key `init` of any layer; a Block is a part of a ResNet.
        layers.removeAll(List.of(Initialised.class, ResNet.Block.class));
        assertThat(layers).hasSizeGreaterThan(40);
        assertThat(new HashSet<>(Layers.TYPES.types())).isEqualTo(layers);
    }

    /// `-Dgradus.write=true` writes the list anew.
    @Test
    void theGuideListsThem() throws IOException {
        Path page = Path.of("").toAbsolutePath().getParent().resolve("docs/models-in-toml.md");
        StringBuilder list = new StringBuilder("<!-- layers -->\n\n| type | keys |\n|---|---|\n");
        for (String name : Layers.TYPES.names()) {
            String keys = String.join(", ", Layers.TYPES.keys(name));
            list.append("| `").append(name).append("` | ").append(keys).append(" |\n");
        }
        list.append("\n<!-- end of layers -->");
        String text = Files.readString(page);
        int from = text.indexOf("<!-- layers -->");
        int to = text.indexOf("<!-- end of layers -->") + "<!-- end of layers -->".length();
        if (Boolean.getBoolean("gradus.write")) {
            Files.writeString(page, text.substring(0, from) + list + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(list.toString());
        }
    }

    static Stream<String> documented() throws IOException {
        Path page = Path.of("").toAbsolutePath().getParent().resolve("docs/models-in-toml.md");
        return Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void whatTheGuideShowsCanBeSaid(String toml) {
        assertThat(model(toml)).isNotNull();
    }

    static Stream<Arguments> written() {
        return Stream.of(
                Arguments.of("type = 'linear'\nout = 'classes'", Linear.of(10)),
                Arguments.of("type = 'linear'\nout = 3\nbias = false", new Linear(3, false)),
                Arguments.of(
                        "type = 'bilinear'\nout = 3\nleft = [{ type = 'linear', out = 2 }]\nbias = false",
                        new Bilinear.Branches(Sequential.of(Linear.of(2)), Activation.IDENTITY, 3, false)),
                Arguments.of(
                        "type = 'transformer_decoder_layer'\nheads = 2\nmemory = 'tanh'\ncausal = true",
                        new TransformerDecoderLayer.Remembering(
                                Activation.TANH, 2, 2048, 0.1, Activation.RELU, 1e-5, false, false, true)),
                Arguments.of(
                        "type = 'transformer_encoder_layer'\nheads = 2\ncausal = true",
                        new TransformerEncoderLayer(2, 2048, 0.1, Activation.RELU, 1e-5, false, false, true)),
                Arguments.of(
                        "type = 'multihead_attention'\nheads = 2\ncausal = true",
                        new MultiheadAttention(2, true, 0, false, true)),
                Arguments.of("type = 'reshape'\nsizes = [1, 8, -1]", Reshape.of(1, 8, -1)),
                Arguments.of("type = 'permute'\naxes = [0, 2, 1]", Permute.of(0, 2, 1)),
                Arguments.of("type = 'select'\naxis = 1\nindex = -1", new Select(1, -1)),
                Arguments.of("type = 'relu'", Activation.RELU),
                Arguments.of("type = 'conv2d'\nout = 20\nkernel = 5", Conv.conv2d(20, 5)),
                Arguments.of(
                        "type = 'conv2d'\nout = 4\nkernel = [3, 5]\nstride = 2\npadding = [1, 2]\ngroups = 2\nbias = false"
                                + "\npadding_mode = 'reflect'",
                        Conv.conv2d(4, 3, 5)
                                .stride(2)
                                .padding(1, 2)
                                .padding(Padding.REFLECT)
                                .groups(2)
                                .withoutBias()),
                Arguments.of(
                        "type = 'conv2d'\nout = 4\nkernel = 3\nsame = true",
                        Conv.conv2d(4, 3).samePadding()),
                Arguments.of(
                        "type = 'conv_transposed2d'\nout = 3\nkernel = 3\nstride = 2\noutput_padding = 1",
                        ConvTransposed.convTransposed2d(3, 3).stride(2).outputPadding(1, 1)),
                Arguments.of("type = 'max_pool2d'\nkernel = 3", MaxPool.maxPool2d(3)),
                Arguments.of(
                        "type = 'max_pool2d'\nkernel = 3\nstride = 2\npadding = 1",
                        MaxPool.maxPool2d(3).stride(2).padding(1)),
                Arguments.of(
                        "type = 'avg_pool1d'\nkernel = 2\nceil = true",
                        AvgPool.avgPool1d(2).ceilMode()),
                Arguments.of("type = 'batch_norm'", BatchNorm.of()),
                Arguments.of(
                        "type = 'batch_norm'\nmomentum = 'none'", BatchNorm.of().momentum(null)),
                Arguments.of("type = 'instance_norm'\nmomentum = 0.2", new InstanceNorm(1e-5, 0.2, false, false)),
                Arguments.of(
                        "type = 'dropout'\np = 0.2\nform = 'alpha'",
                        Dropout.of(0.2).form(Dropout.Form.ALPHA)),
                Arguments.of(
                        "type = 'recurrent'\ncell = 'gru'\nhidden = 7\nbatch_first = true",
                        Recurrent.of(Cell.GRU, 7).withBatchFirst()),
                Arguments.of(
                        "type = 'weight_norm'\nlayer = { type = 'linear', out = 2 }", new WeightNorm(Linear.of(2))),
                Arguments.of("type = 'mlp'\nwidths = [8, 'classes']", Mlp.of(8, 10)),
                Arguments.of(
                        "type = 'residual'\nbody = ['relu', { type = 'linear', out = 4 }]",
                        Residual.of(Sequential.of(Activation.RELU, Linear.of(4)))),
                Arguments.of(
                        "type = 'residual'\n[[model.layer.body]]\ntype = 'tanh'\n[[model.layer.shortcut]]\ntype ="
                                + " 'linear'\nout = 4",
                        new Residual(Sequential.of(Activation.TANH), Sequential.of(Linear.of(4)))),
                Arguments.of(
                        "type = 'concat'\nbranches = ['tanh', [{ type = 'linear', out = 4 }, 'relu']]",
                        Concat.of(Activation.TANH, Sequential.of(Linear.of(4), Activation.RELU))));
    }

    @ParameterizedTest
    @MethodSource
    void written(String text, Layer layer) {
        assertThat(model("[[model.layer]]\n" + text)).isEqualTo(Sequential.of(layer));
    }

    @Test
    void readyMadeModelsHaveNames() {
        assertThat(model("[model]\nname = 'resnet56'")).isEqualTo(new ResNet(56, 10));
        assertThat(model("[model]\nname = 'mlp'\nhidden = [5, 4]\nactivation = 'tanh'"))
                .isEqualTo(new Mlp(List.of(5, 4, 10), Activation.TANH));
    }

    @Test
    void weightsMayStartOtherwise() {
        assertThat(model("[[model.layer]]\ntype = 'linear'\nout = 3\ninit = 'he_normal'"))
                .asString()
                .contains("Initialised");
        Session session = new Session(1, Type.FLOAT32);
        Layer layer = model("[[model.layer]]\ntype = 'linear'\nout = 400\n"
                + "init = { type = 'truncated_normal', mean = 3, deviation = 0.5, bias = 0.1 }");
        session.step("s", Scope.Mode.EVAL, (scope, inputs) -> List.of(layer.forward(scope, inputs.getFirst())))
                .run(Array.of(Shape.of(1, 5), new float[5]));
        assertThat(Arrays.stream(session.state("0.weight").toDoubles()).boxed())
                .allMatch(weight -> weight >= 2 && weight <= 4)
                .anyMatch(weight -> weight < 2.6)
                .anyMatch(weight -> weight > 3.4);
        assertThat(session.state("0.bias").toDoubles()).containsOnly((double) 0.1f);
        assertThat(model("[[model.layer]]\ntype = 'linear'\nout = 3\ninit = { bias = 0.5 }"))
                .isInstanceOfSatisfying(
                        Sequential.class,
                        model -> assertThat(model.layers().getFirst())
                                .isInstanceOfSatisfying(
                                        Initialised.class,
                                        started -> assertThat(started.starts()).containsOnlyKeys(StateKey.Role.BIAS)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            type = 'linaer' | `m.toml`, line 2: `type` in [model.layer] knows no `linaer`; did you mean `linear`?
            type = 'linear' | `m.toml`, line 1: [model.layer] needs the key `out`, but has only type.
            out = 3 | `m.toml`, line 1: [model.layer] needs the key `type`, but has only out.
            type = 'linear';out = 3;biass = true | `m.toml`, line 4: [model.layer] has no key `biass`; did you mean `bias`? It takes type, out, bias, init.
            type = 'linear';out = 3;bias = 1 | `m.toml`, line 4: `bias` in [model.layer] takes true or false, but was given 1.
            type = 'linear';out = 0 | `m.toml`, line 1: A Linear layer needs at least 1 output, but was given 0.
            type = 'linear';out = 1.5 | `m.toml`, line 3: `out` in [model.layer] takes a whole number, but was given 1.5.
            type = 'conv2d';out = 3;kernel = [1, 2, 3] | `m.toml`, line 4: `kernel` in [model.layer] takes 1 or 2 whole numbers, but was given
            type = 'conv2d';out = 3;kernel = 0 | `m.toml`, line 4: `kernel` in [model.layer] takes a whole number of 1 or more, but was given 0.
            type = 'dropout';form = 'plane' | `m.toml`, line 3: `form` in [model.layer] knows no `plane`; did you mean `plain`? There are inverted, plain, alpha.
            type = 'linear';out = 3;init = 'normall' | `m.toml`, line 4: `init` in [model.layer] knows no `normall`; did you mean `normal`?
            type = 'linear';out = 3;init = {type = 'normal', low = 1} | `m.toml`, line 4: [model.layer.init] has no key `low`
            type = 'linear';out = 3;init = 3 | `m.toml`, line 4: `init` in [model.layer] takes a table, but was given 3.
            type = 'residual';body = 3 | `m.toml`, line 3: `body` in [model.layer] takes a table, but was given 3.
            """)
    void whatIsWrongIsToldWithItsLine(String text, String message) {
        assertThatThrownBy(() -> model("[[model.layer]]\n" + text.replace(';', '\n')))
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith(message);
    }

    private static Layer model(String text) {
        return Configuration.parse("m.toml", text).recipe(TEN).model();
    }
}
