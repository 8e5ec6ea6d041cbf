package org.gradus.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.config.Summary;
import org.gradus.config.Task;
import org.gradus.config.TrainedModel;
import org.gradus.data.Form;
import org.gradus.train.Checkpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus summary`: what a model is made of.
@Command(
        name = "summary",
        customSynopsis = "gradus summary [MODEL|RUN] [OPTIONS]",
        description = {
            "Lists the layers of a model with the shapes of their outputs, parameters and floating-point operations, and"
                    + " says what memory training takes.",
            "",
            "An operation is an addition, a multiplication or the like; a multiplication with an addition counts as two."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "For example:",
            "  gradus summary resnet20",
            "  gradus summary my-model.toml --input 1x28x28 --classes 26",
            "  gradus summary runs/digits"
        })
final class SummaryCommand implements Callable<Integer> {
    /// What ready-made models take that are for images of one size, or are best known with it.
    private static final Map<String, List<Integer>> INPUTS =
            Map.of("lenet", List.of(1, 28, 28), "convnet", List.of(1, 8, 8), "mlp", List.of(1, 8, 8));

    private final Terminal terminal;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL|RUN",
            defaultValue = "convnet",
            description = "The name of a model, a TOML file, or the folder of a run (default ${DEFAULT-VALUE}).")
    private String model = "";

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "The shape of an input, such as 1x28x28, or 13 for rows of 13 numbers.")
    private @Nullable String input;

    @Option(
            names = "--classes",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many classes there are (default ${DEFAULT-VALUE}).")
    private int classes;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Examples in a training step (default 32, or that of the run).")
    private @Nullable Integer batch;

    SummaryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Configuration configuration;
        Task task;
        if (Files.isDirectory(Path.of(model))) {
            Checkpoint checkpoint = RunFolder.open(Path.of(model)).checkpoints().last();
            configuration = Experiment.configuration(checkpoint);
            task = TrainedModel.of(checkpoint).task();
        } else {
            configuration = Files.isRegularFile(Path.of(model))
                    ? Configuration.read(Path.of(model)) // of which [model] may be all
                    : Configuration.standard().withModel(model);
            task = new Task(form(), names(), null);
        }
        if (batch != null) {
            configuration = configuration.with("training.batch", batch, "--batch");
        }
        terminal.out().println(Summary.of(configuration.recipe(task), task));
        return ExitCode.DONE.code();
    }

    private List<String> names() {
        if (classes < 1 || classes > 1_000_000) {
            throw new UserError("The option --classes takes 1 to 1000000, but was given " + classes + ".");
        }
        return IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    }

    private Form form() {
        List<Integer> sizes = new ArrayList<>(INPUTS.getOrDefault(model, List.of(3, 32, 32)));
        if (input != null) {
            if (!input.matches("[1-9]\\d{0,6}|[1-9]\\d{0,3}(x[1-9]\\d{0,4}){2}")) {
                throw new UserError("The option --input takes channels, height and width such as 1x28x28, or the number"
                        + " of columns, but was given " + input + ".");
            }
            sizes = Arrays.stream(input.split("x", -1)).map(Integer::valueOf).toList();
        }
        return sizes.size() == 1
                ? new Form.Row(
                        IntStream.range(0, sizes.get(0)).mapToObj(i -> "x" + i).toList())
                : new Form.Image(sizes.get(0), sizes.get(1), sizes.get(2));
    }
}
