package org.gradus.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.gradus.config.Experiment;
import org.gradus.data.Dataset;
import org.gradus.formats.WholeFile;
import org.gradus.run.Machine;
import org.gradus.run.Profile;
import org.gradus.train.Event;
import org.gradus.train.Listener;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus profile`: what each kernel of a training step takes.
@Command(
        name = "profile",
        customSynopsis = "gradus profile [OPTIONS]",
        description = {
            "Trains for a few seconds and says what each kernel of the training step takes: its time, what it computes and moves"
                    + " in a second, and which share that is of what the machine can do at most. Nothing is kept.",
            "",
            "Takes the options of `gradus train` that say what is trained."
        },
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        footer = {
            "",
            "`of most` compares with the larger of two times: that of the operations at the machine's peak, and that of the"
                    + " bytes at the speed of its memory. It is above 100 %% where a cache holds what is read.",
            "",
            "For example:",
            "  gradus profile",
            "  gradus profile --model lenet --data mnist/ --batch 64 --threads 1 --svg roofline.svg"
        })
final class ProfileCommand implements Callable<Integer> {
    private static final double SMALL = 0.01; // of the step's time
    private static final int LONGEST = 52; // characters of a name
    private static final int EPOCHS = 100_000; // more than there is time for

    private final Terminal terminal;

    @Mixin
    private TrainingOptions options = new TrainingOptions();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "How long it trains until everything is compiled, and then again (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--all", description = "List kernels that take less than a hundredth of the time too.")
    private boolean all;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw all kernels under the machine's roof line.")
    private @Nullable Path svg;

    ProfileCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!(seconds > 0 && seconds <= 600)) {
            throw new UserError(
                    "The option --seconds takes more than 0 and at most 600, but was given " + seconds + ".");
        }
        if (svg != null) {
            WholeFile.demandWritable(svg);
        }
        Experiment experiment = options.configuration()
                .with("training.epochs", EPOCHS, "--epochs")
                .experiment();
        Machine machine = Machine.measure(experiment.threads());
        Profile profile = record(experiment);
        print(profile, machine, experiment.recipe().batch());
        if (svg != null) {
            byte[] picture = Roofline.svg(profile, machine).getBytes(StandardCharsets.UTF_8);
            WholeFile.write(svg, out -> out.write(picture));
        }
        return ExitCode.DONE.code();
    }

    /// Trains until everything is compiled, then goes on and records.
    private Profile record(Experiment experiment) {
        Clock clock = new Clock();
        Trainer trainer = experiment.trainer(clock);
        clock.train(trainer, experiment.training(), seconds);
        try (Profile.Recorder recorder = new Profile.Recorder()) {
            clock.train(trainer, experiment.training(), seconds);
            return recorder.stop("train");
        }
    }

    /// Stops a training after the step in which its time is over.
    private static final class Clock implements Listener {
        private Runnable stop = () -> {};
        private long end;

        void train(Trainer trainer, Dataset examples, double seconds) {
            stop = trainer::stop;
            end = System.nanoTime() + (long) (seconds * 1e9);
            trainer.fit(examples);
        }

        @Override
        public void on(Event event) {
            if (event instanceof Event.StepDone && System.nanoTime() - end > 0) {
                stop.run();
            }
        }
    }

    private void print(Profile profile, Machine machine, int batch) {
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%d thread%s; the machine's peak %.0f GFLOP/s, its memory %.1f GB/s%n",
                        machine.threads(),
                        machine.threads() == 1 ? "" : "s",
                        machine.flops() * 1e-9,
                        machine.bytes() * 1e-9);
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "A step takes %.3f ms (%.0f samples/s), the median of %d%n%n",
                        profile.millis(),
                        batch / profile.millis() * 1e3,
                        profile.runs());
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%4s  %-" + LONGEST + "s %9s %6s %9s %8s %8s%n",
                        "",
                        "kernel",
                        "ms",
                        "share",
                        "GFLOP/s",
                        "GB/s",
                        "of most");
        List<Profile.Kernel> others = new ArrayList<>();
        profile.kernels().stream()
                .sorted(Comparator.comparingDouble(Profile.Kernel::millis).reversed())
                .forEach(kernel -> {
                    if (all || kernel.millis() >= SMALL * profile.millis()) {
                        row(String.valueOf(kernel.number()), name(kernel), kernel, profile, machine);
                    } else {
                        others.add(kernel);
                    }
                });
        if (!others.isEmpty()) {
            row("", others.size() + " others", sum(others), profile, machine);
        }
        row("", "all kernels", sum(profile.kernels()), profile, machine);
    }

    private static Profile.Kernel sum(List<Profile.Kernel> kernels) {
        return new Profile.Kernel(
                -1,
                "",
                "",
                kernels.stream().mapToLong(Profile.Kernel::flops).sum(),
                kernels.stream().mapToLong(Profile.Kernel::bytes).sum(),
                kernels.stream().mapToDouble(Profile.Kernel::millis).sum());
    }

    private static String name(Profile.Kernel kernel) {
        String name = kernel.name();
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
    }

    private void row(String number, String name, Profile.Kernel kernel, Profile profile, Machine machine) {
        double least = 1e3 * Math.max(kernel.flops() / machine.flops(), kernel.bytes() / machine.bytes());
        terminal.out()
                .printf(
                        Locale.ROOT,
                        "%4s  %-" + LONGEST + "s %9.3f %4.0f %% %9.2f %8.2f %6.0f %%%n",
                        number,
                        name,
                        kernel.millis(),
                        100 * kernel.millis() / profile.millis(),
                        kernel.gigaflops(),
                        kernel.gigabytes(),
                        100 * least / kernel.millis());
    }
}
