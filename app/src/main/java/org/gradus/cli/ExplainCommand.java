package org.gradus.cli;

import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.config.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gradus explain`: the plan of a training step.
@Command(
        name = "explain",
        customSynopsis = "gradus explain [OPTIONS]",
        description = {
            "Prints the plan of a training step: what each kernel computes, the layer that it belongs to, and how many bytes and"
                    + " operations it takes.",
            "",
            "Takes the options of `gradus train` that say what is trained."
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "For example:",
            "  gradus explain",
            "  gradus explain --model resnet20 --data cifar-10/ --batch 128"
        })
final class ExplainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Experiment experiment = options.configuration().experiment();
        String plan = experiment.trainer().explain(experiment.training());
        Matcher here = Pattern.compile(" ExplainCommand\\.java:\\d+").matcher(plan);
        int width = here.find() ? here.group().length() : 0;
        plan.lines()
                .map(line ->
                        line.replaceFirst(here.pattern() + "| {" + width + "}(?=  \\S)", "")) // columns stay in line
                .forEach(terminal.out()::println);
        return ExitCode.DONE.code();
    }
}
