package org.gradus.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.config.TrainedModel;
import org.gradus.data.Examples;
import org.gradus.data.Reading;
import org.gradus.formats.Json;
import org.gradus.metrics.Numbers;
import org.gradus.metrics.Report;
import org.gradus.train.Checkpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus eval`: how good the model of a run is.
@Command(
        name = "eval",
        customSynopsis = "gradus eval RUN [OPTIONS]",
        description = {
            "Says how good the model of a run is: on the test part of its own data, or on other data.",
            "",
            "Prints loss and accuracy, precision, recall, F1 and the area under the ROC curve of each class, which class"
                    + " was taken for which, and whether it is right as often as it is sure. For numbers, their errors."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "For example:",
            "  gradus eval runs/digits",
            "  gradus eval runs/flowers --data more-flowers/ --format json"
        })
final class EvalCommand implements Callable<Integer> {
    /// How the report is printed.
    enum Format {
        text,
        json
    }

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run, such as runs/digits.")
    private Path run = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "Other data of the same form; all of them count, or their test part if they have one.")
    private @Nullable Path data;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            split = ",",
            description = "The column of these with the labels, if it is called otherwise than that of the run; several"
                    + " with commas between them.")
    private List<String> label = List.of();

    @Option(names = "--precise", description = "Compute convolutions tap by tap, even if the run was not precise.")
    private boolean precise;

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How to print (default ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    EvalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Checkpoint checkpoint = RunFolder.open(run).checkpoints().last();
        TrainedModel model = TrainedModel.of(checkpoint);
        if (precise) {
            model.setPrecise();
        }
        Configuration configuration = Experiment.configuration(checkpoint);
        Reading reading = configuration.reading();
        Examples examples = data == null
                ? Experiment.again(configuration, checkpoint).split().test()
                : model.task()
                        .read(
                                data,
                                (label.isEmpty() ? reading : reading.withLabel(label.toArray(String[]::new)))
                                        .withWeights(""));
        Map<String, Double> means = model.evaluate(examples);
        Report report = model.report(examples);
        if (format == Format.json) {
            Map<String, Object> all = new LinkedHashMap<>(means);
            all.put("report", report);
            terminal.out().println(Json.text(all));
            return ExitCode.DONE.code();
        }
        terminal.out()
                .println(examples.size() + " examples: "
                        + means.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + Numbers.text(entry.getValue()))
                                .collect(Collectors.joining(", ")));
        terminal.out().println();
        terminal.out().print(report);
        return ExitCode.DONE.code();
    }
}
