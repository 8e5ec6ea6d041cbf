package org.gradus.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.gradus.base.GradusException;
import org.gradus.data.Form;
import org.gradus.formats.TomlValue;
import org.gradus.graph.Layer;
import org.gradus.nn.Activation;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.BnConvNet;
import org.gradus.nn.Cell;
import org.gradus.nn.Conv;
import org.gradus.nn.Embedding;
import org.gradus.nn.Flatten;
import org.gradus.nn.LeNet;
import org.gradus.nn.Linear;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Mlp;
import org.gradus.nn.Recurrent;
import org.gradus.nn.ResNet;
import org.gradus.nn.Sequential;

/// The table `[model]`: a model by its name, or its layers. A new ready-made model is a row.
final class Models {
    /// What stands for the number of classes, or of numbers to predict.
    private static final String CLASSES = "classes";

    private static final Map<String, BiFunction<Table, Integer, Layer>> NAMES = new TreeMap<>(Map.of(
            "mlp", Models::mlp,
            "convnet", (_, outputs) -> convNet(outputs),
            "lstm", Models::lstm,
            "lenet", (_, outputs) -> new LeNet(outputs),
            "bn_convnet", (_, outputs) -> new BnConvNet(outputs),
            "resnet20", (_, outputs) -> new ResNet(20, outputs),
            "resnet32", (_, outputs) -> new ResNet(32, outputs),
            "resnet44", (_, outputs) -> new ResNet(44, outputs),
            "resnet56", (_, outputs) -> new ResNet(56, outputs),
            "resnet110", (_, outputs) -> new ResNet(110, outputs)));

    private static final List<String> NOT_OF_IMAGES = List.of("mlp", "lstm");

    private Models() {}

    /// The names of those that are ready-made.
    static List<String> names() {
        return List.copyOf(NAMES.keySet());
    }

    /// Refuses a ready-made model of images for anything else.
    static void demandTakes(Table table, Form form) {
        boolean ofImages =
                NAMES.keySet().stream().anyMatch(name -> !NOT_OF_IMAGES.contains(name) && table.says("name", name));
        if (ofImages && !(form instanceof Form.Image)) {
            throw new GradusException(
                    "config-value",
                    table.subject("name") + " is " + table.value("name").value()
                            + ", which takes images, but the inputs are " + form.inWords()
                            + ". Take mlp, or lstm for texts.");
        }
    }

    /// @param outputs how many there are to be
    /// @param usual the name of the model where none is given
    static Layer read(Table table, int outputs, String usual) {
        Layer model;
        if (table.has("layer")) {
            Object asWritten = table.value("layer").plain();
            model = new Sequential(Layers.each(counted(table, "layer", outputs), "layer"));
            table.noted("layer", asWritten);
        } else {
            String name = table.choice("name", usual, names());
            model = NAMES.getOrDefault(name, Models::mlp).apply(table, outputs);
            table.known("layer");
        }
        table.end();
        return model;
    }

    /// Two 3x3 convolutions, 32 and 64 wide, each with batch normalisation, relu and 2x2 max pooling behind, and a linear
    /// layer: for images of 4 pixels and more on a side.
    private static Layer convNet(int outputs) {
        List<Layer> layers = new ArrayList<>();
        for (int width : List.of(32, 64)) {
            layers.add(Conv.conv2d(width, 3).padding(1).withoutBias());
            layers.add(BatchNorm.of());
            layers.add(Activation.RELU);
            layers.add(MaxPool.maxPool2d(2));
        }
        layers.add(new Flatten());
        layers.add(Linear.of(outputs));
        return new Sequential(layers);
    }

    /// Of characters: an embedding, LSTM layers and a linear one.
    private static Layer lstm(Table table, int outputs) {
        int embedding = table.whole("embedding", 32, 1);
        int hidden = table.whole("hidden", 128, 1);
        int layers = table.whole("layers", 1, 1);
        return Sequential.of(
                Embedding.of(outputs, embedding),
                Recurrent.of(Cell.LSTM, hidden).layers(layers).withBatchFirst(),
                Linear.of(outputs));
    }

    private static Layer mlp(Table table, int outputs) {
        List<Integer> widths = new ArrayList<>(table.wholes("hidden", List.of(64), 1));
        widths.add(outputs);
        List<Activation> all = List.of(Activation.values());
        List<String> words =
                all.stream().map(one -> one.name().toLowerCase(Locale.ROOT)).toList();
        return new Mlp(widths, all.get(words.indexOf(table.choice("activation", "relu", words))));
    }

    /// A table with the number of classes in the place of the word, in all that a key says.
    static Table counted(Table table, String key, int outputs) {
        return table.with(key, counted(table.value(key), outputs));
    }

    /// A value with the number of classes in the place of the word.
    private static TomlValue counted(TomlValue value, int outputs) {
        return switch (value.value()) {
            case List<?> _ ->
                new TomlValue(
                        value.list().stream()
                                .map(item -> counted(item, outputs))
                                .toList(),
                        value.line());
            case Map<?, ?> _ -> {
                Map<String, TomlValue> table = new LinkedHashMap<>();
                value.table().forEach((key, item) -> table.put(key, counted(item, outputs)));
                yield new TomlValue(table, value.line());
            }
            case String word when word.equals(CLASSES) -> new TomlValue((long) outputs, value.line());
            default -> value;
        };
    }
}
