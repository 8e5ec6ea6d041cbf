package org.gradus.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.gradus.config.Experiment;
import org.gradus.config.RunFolder;
import org.gradus.metrics.Numbers;
import org.gradus.strategies.Place;
import org.gradus.strategies.Strategy;
import org.gradus.train.Event;
import org.gradus.train.Event.Ending;
import org.gradus.train.Listener;

/// A training of several parts, which `gradus train` begins or goes on with.
final class PartsTraining {
    private final Terminal terminal;
    private final Interruption interruption;
    private final boolean quiet;

    PartsTraining(Terminal terminal, Interruption interruption, boolean quiet) {
        this.terminal = terminal;
        this.interruption = interruption;
        this.quiet = quiet;
    }

    /// Trains all parts.
    ///
    /// @return the exit code
    int train(Experiment experiment, Strategy strategy, RunFolder folder) {
        experiment.write(folder.configuration());
        Place place = Place.inMemory()
                .on(experiment.threads())
                .loading(experiment.loaders())
                .precise(experiment.precise())
                .in(folder.path())
                .telling(part -> quiet ? List.of() : List.of(teller(part.name())));
        interruption.react(place::stop);
        Strategy.Result result = strategy.train(place);
        if (result.ending() == Ending.STOPPED) {
            Complaints.print(
                    terminal.err(),
                    "Interrupted; what was finished is in " + folder + ". `gradus train --resume " + folder
                            + "` goes on.");
            return ExitCode.INTERRUPTED.code();
        }
        if (result.model() != null) {
            folder.checkpoints().with(experiment.notes()).write(result.model());
        }
        if (!quiet) {
            terminal.out().printf("%nOn the examples to test with:%n%s", result);
        }
        String metric = experiment.recipe().metrics().keySet().iterator().next();
        terminal.out().println("test " + metric + " " + summary(result.measured(), metric));
        terminal.out().flush();
        return ExitCode.DONE.code();
    }

    /// The last number, or the mean with the deviation.
    private static String summary(Map<String, Map<String, Double>> measured, String metric) {
        List<Double> values = measured.values().stream()
                .map(metrics -> metrics.getOrDefault(metric, Double.NaN))
                .toList();
        return measured.containsKey("deviation")
                ? Numbers.text(values.get(values.size() - 2)) + " ± " + Numbers.text(values.getLast())
                : Numbers.text(values.getLast());
    }

    /// Says when a part is done; parts end on threads of their own.
    private Listener teller(String name) {
        String[] last = {""};
        return event -> {
            if (event instanceof Event.EpochDone done) {
                last[0] = done.metrics().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + Numbers.text(entry.getValue()))
                        .collect(Collectors.joining(", "));
            } else if (event instanceof Event.RunDone done && done.ending() != Ending.STOPPED) {
                synchronized (terminal) {
                    terminal.out()
                            .printf(
                                    Locale.ROOT,
                                    "%s: %d epochs, %.1f s%s%n",
                                    name,
                                    done.epochs(),
                                    done.seconds(),
                                    last[0].isEmpty() ? "" : "; " + last[0]);
                    terminal.out().flush();
                }
            }
        };
    }
}
