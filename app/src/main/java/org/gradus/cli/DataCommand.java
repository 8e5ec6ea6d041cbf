package org.gradus.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gradus.config.Experiment;
import org.gradus.config.Task;
import org.gradus.data.ClassCounts;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.formats.WholeFile;
import org.gradus.metrics.Numbers;
import org.gradus.metrics.TextTable;
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
        terminal.out()
                .println("Data: " + experiment.dataPath() + ", inputs "
                        + task.form().shape()
                        + (task.classes().isEmpty() ? predicted(task) : ""));
        terminal.out().println();
        terminal.out().print(parts(task.classes(), experiment.split()));
        if (task.scaling() != null) {
            terminal.out().println();
            terminal.out().print(units(task.form(), task.scaling()));
        }
        terminal.out().println();
        terminal.out()
                .println("In training: "
                        + (experiment.augmentations().isEmpty() ? "as they are" : experiment.augmentationsToml()));
        if (sheet != null) {
            byte[] png = experiment.contactSheet().png();
            WholeFile.write(sheet, out -> out.write(png));
            terminal.out().println("Images: " + sheet);
        }
        return ExitCode.DONE.code();
    }

    private static String predicted(Task task) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < task.outputs(); i++) {
            text.append(
                            task.outputs() == 1
                                    ? ", a number to predict"
                                    : (i == 0 ? ", numbers to predict: " : "; ")
                                            + task.labels().get(i))
                    .append(task.outputs() == 1 ? ": mean " : " with mean ")
                    .append(Numbers.text(task.units().center().get(i)))
                    .append(", deviation ")
                    .append(Numbers.text(task.units().spread().get(i)));
        }
        return text.toString();
    }

    /// How many examples of each class are in each part.
    private static TextTable parts(List<String> classes, Split split) {
        List<Examples> parts = List.of(split.training(), split.validation(), split.test());
        TextTable table = new TextTable();
        table.row(List.of("", "training", "validation", "test"));
        List<String> sizes = new ArrayList<>(List.of("examples"));
        parts.forEach(part -> sizes.add(String.valueOf(part.size())));
        table.row(sizes);
        if (classes.isEmpty()) {
            return table;
        }
        List<List<Integer>> counts =
                parts.stream().map(part -> ClassCounts.of(part).counts()).toList();
        for (int i = 0; i < Math.min(MOST_LISTED, classes.size()); i++) {
            List<String> row = new ArrayList<>(List.of(classes.get(i)));
            for (List<Integer> part : counts) {
                row.add(String.valueOf(part.get(i)));
            }
            table.row(row);
        }
        if (classes.size() > MOST_LISTED) {
            table.row(List.of("and " + (classes.size() - MOST_LISTED) + " more classes"));
        }
        return table;
    }

    /// Means and deviations of the training part, by which inputs are standardised.
    private static TextTable units(Form form, Scaling scaling) {
        TextTable table = new TextTable();
        table.row(List.of("standardised by", "mean", "deviation"));
        double[] centers = scaling.centers();
        double[] spreads = scaling.spreads();
        for (int i = 0; i < Math.min(MOST_LISTED, centers.length); i++) {
            String name = switch (form) {
                case Form.Row row -> row.columns().get(i);
                case Form.Series series -> series.columns().get(i);
                case Form.Image _, Form.Text _ -> "channel " + i;
            };
            table.row(List.of(name, Numbers.text(centers[i]), Numbers.text(spreads[i])));
        }
        if (centers.length > MOST_LISTED) {
            table.row(List.of("and " + (centers.length - MOST_LISTED) + " more"));
        }
        return table;
    }
}
