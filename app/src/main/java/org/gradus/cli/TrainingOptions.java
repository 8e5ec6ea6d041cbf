package org.gradus.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.gradus.config.Configuration;
import org.gradus.formats.Toml;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that stand for keys of a configuration, and go before what its file says.
final class TrainingOptions {
    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = {
                "What to learn from: a folder with MNIST's or CIFAR-10's files, a CSV file with a header, a text"
                        + " (*.txt), or a folder with a sub-folder of PNG or JPEG pictures for each class (default:"
                        + " the bundled digits)."
            })
    private @Nullable Path data;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            split = ",",
            description =
                    "The column of a CSV file to predict, or several of numbers with commas between them (default:"
                            + " label, target or class, else the last one).")
    private @Nullable List<String> label;

    @Option(
            names = "--columns",
            paramLabel = "COLUMN",
            split = ",",
            description = "The columns of a CSV file to predict from, with commas between them (default: all others).")
    private @Nullable List<String> columns;

    @Option(
            names = "--size",
            paramLabel = "HxW",
            description = "Resize pictures in folders to this height and width, such as 64x64 (default: as they are).")
    private @Nullable String size;

    @Option(
            names = "--model",
            paramLabel = "NAME|FILE",
            description =
                    "mlp, convnet, lenet, lstm, bn_convnet, resnet20 (also 32, 44, 56, 110), or a TOML file with the"
                            + " table [model] (default: convnet for images, mlp for tables, lstm for texts).")
    private @Nullable String model;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A TOML file with tables such as [model], [optimizer] and [training]; options go before it.")
    private @Nullable Path file;

    @Option(
            names = "--augment",
            paramLabel = "NAME",
            split = ",",
            description = "How images are changed at random, such as horizontal_flip,crop: see docs/training.md; a file"
                    + " can say more of each in [augment].")
    private @Nullable List<String> augment;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data (default 20).")
    private @Nullable Integer epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Examples in each step (default 32).")
    private @Nullable Integer batch;

    @Option(names = "--lr", paramLabel = "X", description = "The learning rate at the start (default 0.002).")
    private @Nullable Double learningRate;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "End after N epochs without a smaller val_loss, and keep the best model (default: never).")
    private @Nullable Integer patience;

    @Option(
            names = "--ensemble",
            paramLabel = "N",
            description = "Train N models with other seeds, which answer together (default: one alone).")
    private @Nullable Integer ensemble;

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Train K times, each with another part of the data held out, and give mean and deviation.")
    private @Nullable Integer folds;

    @Option(
            names = "--from",
            paramLabel = "RUN",
            description = "Start from the model of an earlier run, wherever layers have the same paths.")
    private @Nullable Path from;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What every random number derives from; same seed, same run (default 0).")
    private @Nullable Long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads compute; the numbers are the same (default: all processors).")
    private @Nullable Integer threads;

    @Option(
            names = "--precise",
            description =
                    "Compute convolutions tap by tap, also where Winograd's method is faster and off by about 1e-5"
                            + " of the largest result.")
    private @Nullable Boolean precise;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Any key of a configuration, such as data.stream=true or optimizer.type=sgd; may be given several"
                            + " times, and goes before all else.")
    private List<String> set = List.of();

    /// What file and options say.
    Configuration configuration() {
        return over(file == null ? Configuration.standard() : Configuration.read(file));
    }

    /// A configuration with what the options say instead.
    Configuration over(Configuration base) {
        Configuration changed = model == null ? base : base.withModel(model);
        changed = with(changed, "data.path", data == null ? null : data.toString(), "--data");
        changed = with(changed, "data.label", label, "--label");
        changed = with(changed, "data.columns", columns, "--columns");
        if (size != null) {
            if (!size.matches("[1-9]\\d{0,4}x[1-9]\\d{0,4}")) {
                throw new UserError(
                        "The option --size takes a height and a width such as 48x64, but was given " + size + ".");
            }
            String[] sides = size.split("x", -1);
            changed = with(changed, "data.height", Integer.valueOf(sides[0]), "--size");
            changed = with(changed, "data.width", Integer.valueOf(sides[1]), "--size");
        }
        changed = with(changed, "augment.step", augment, "--augment");
        changed = with(changed, "training.epochs", epochs, "--epochs");
        changed = with(changed, "training.batch", batch, "--batch");
        changed = with(changed, "optimizer.lr", learningRate, "--lr");
        changed = with(changed, "training.patience", patience, "--patience");
        changed = with(changed, "training.seed", seed, "--seed");
        changed = with(changed, "ensemble.members", ensemble, "--ensemble");
        changed = with(changed, "data.folds", folds, "--folds");
        changed = with(changed, "start.run", from == null ? null : from.toString(), "--from");
        changed = with(changed, "training.threads", threads, "--threads");
        changed = with(changed, "training.precise", precise, "--precise");
        for (String pair : set) {
            int sign = pair.indexOf('=');
            if (sign < 1 || sign == pair.length() - 1) {
                throw new UserError("The option --set takes a key and a value such as data.stream=true, but was given "
                        + pair + ".");
            }
            changed = changed.with(
                    pair.substring(0, sign), value(pair.substring(sign + 1)), "--set " + pair.substring(0, sign));
        }
        return changed;
    }

    /// A value in TOML, or a text that needs no quotes.
    private static Object value(String text) {
        boolean bare = text.matches("[\\p{L}_/.~][^\"'\\[\\]{}#]*") && !text.matches("true|false|inf|nan");
        return bare
                ? text
                : Objects.requireNonNull(
                                Toml.parse("--set", "value = " + text).table().get("value"))
                        .plain();
    }

    private static Configuration with(Configuration base, String key, @Nullable Object value, String option) {
        return value == null ? base : base.with(key, value, option);
    }
}
