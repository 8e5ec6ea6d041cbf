package org.gradus.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.config.TrainedModel;
import org.gradus.data.Examples;
import org.gradus.train.Checkpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus eval`: how good the model of a run is.
@Command(
        name = "eval",
        customSynopsis = "gradus eval RUN [OPTIONS]",
        description = "Says how good the model of a run is: on the test part of its own data, or on other data.",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {"", "For example:", "  gradus eval runs/digits", "  gradus eval runs/flowers --data more-flowers/"})
final class EvalCommand implements Callable<Integer> {
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
            defaultValue = "",
            description = "The column of these with the labels, if it is called otherwise.")
    private String label = "";

    @Option(names = "--precise", description = "Compute convolutions tap by tap, even if the run was not precise.")
    private boolean precise;

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
        Examples examples = data == null
                ? Experiment.again(Experiment.configuration(checkpoint), checkpoint)
                        .split()
                        .test()
                : model.task().read(data, label);
        Map<String, Double> means = model.evaluate(examples);
        terminal.out()
                .println(examples.size() + " examples: "
                        + means.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + Numbers.text(entry.getValue()))
                                .collect(Collectors.joining(", ")));
        return ExitCode.DONE.code();
    }
}
