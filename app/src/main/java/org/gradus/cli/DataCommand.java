package org.gradus.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.gradus.config.Experiment;
import org.gradus.config.Task;
import org.gradus.data.ClassCounts;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.formats.WholeFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus data`: what data a training sees.
@Command(
        name = "data",
        customSynopsis = "gradus data [OPTIONS]",
        description = {
            "Says what data a training sees: how many examples of each class are in each part, how large inputs are, and how"
                    + " they are changed. --sheet draws images, and what augmentation makes of them.",
            "",
            "Takes the options of `gradus train` that say what is trained."
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "For example:",
            "  gradus data --data flowers/ --sheet flowers.png",
            "  gradus data --augment rotation,elastic --sheet digits.png"
        })
final class DataCommand implements Callable<Integer> {
    private static final int MOST_LISTED = 30;

    private final Terminal terminal;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

    @Option(
            names = "--sheet",
            paramLabel = "FILE",
            description = "Write a PNG picture: some images, and what the augmentations make of them.")
    private @Nullable Path sheet;

    DataCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Experiment experiment = options.configuration().experiment();
        Task task = experiment.task();
        Split split = experiment.split();
        say("Data: %s, inputs %s%n", experiment.dataPath(), task.form().shape());
        if (task.classes().isEmpty()) {
            say(
                    "%d examples to train on, %d for validation, %d to test; a number to predict, mean %s, deviation %s%n",
                    split.training().size(),
                    split.validation().size(),
                    split.test().size(),
                    Numbers.text(task.labelCenter()),
                    Numbers.text(task.labelSpread()));
        } else {
            say("%n%s", table(task.classes(), List.of(split.training(), split.validation(), split.test())));
        }
        if (task.scaling() != null) {
            say("%n%s", units(task.form(), task.scaling()));
        }
        say(
                "%nIn training: %s%n",
                experiment.augmentations().isEmpty()
                        ? "as they are"
                        : experiment.augmentations().stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")));
        if (sheet != null) {
            byte[] png = experiment.contactSheet().png();
            WholeFile.write(sheet, out -> out.write(png));
            say("Images: %s%n", sheet);
        }
        return ExitCode.DONE.code();
    }

    private void say(String format, Object... facts) {
        terminal.out().printf(Locale.ROOT, format, facts);
    }

    /// The classes with the numbers of their examples in each part.
    private static String table(List<String> classes, List<Examples> parts) {
        List<List<Integer>> counts =
                parts.stream().map(part -> ClassCounts.of(part).counts()).toList();
        int width = classes.stream().mapToInt(String::length).max().orElse(0);
        String line = "%-" + Math.max(6, width) + "s %11s %11s %11s%n";
        StringBuilder text = new StringBuilder(line.formatted("", "training", "validation", "test"));
        for (int i = 0; i < Math.min(MOST_LISTED, classes.size()); i++) {
            text.append(line.formatted(
                    classes.get(i),
                    counts.get(0).get(i),
                    counts.get(1).get(i),
                    counts.get(2).get(i)));
        }
        if (classes.size() > MOST_LISTED) {
            text.append("and ").append(classes.size() - MOST_LISTED).append(" more classes\n");
        }
        return text.append(line.formatted(
                        "all",
                        parts.get(0).size(),
                        parts.get(1).size(),
                        parts.get(2).size()))
                .toString();
    }

    /// Means and deviations of the training part, by which inputs are standardised.
    private static String units(Form form, Scaling scaling) {
        List<String> names = new ArrayList<>();
        switch (form) {
            case Form.Row row -> names.addAll(row.columns());
            case Form.Image image -> {
                for (int channel = 0; channel < image.channels(); channel++) {
                    names.add("channel " + channel);
                }
            }
        }
        StringBuilder text = new StringBuilder("Standardised by mean and deviation of the training part:\n");
        for (int i = 0; i < Math.min(MOST_LISTED, names.size()); i++) {
            text.append("  %s %s, %s%n"
                    .formatted(names.get(i), Numbers.text(scaling.centers()[i]), Numbers.text(scaling.spreads()[i])));
        }
        if (names.size() > MOST_LISTED) {
            text.append("  and ").append(names.size() - MOST_LISTED).append(" more\n");
        }
        return text.toString();
    }
}
