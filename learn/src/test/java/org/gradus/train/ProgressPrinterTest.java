package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.nn.Mlp;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Sgd;
import org.gradus.train.Event.Ending;
import org.gradus.train.ProgressPrinter.Style;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
    private static final Event STARTED = new Event.RunStarted(
            Recipe.classifier(Mlp.of(2), Optimizer.of(0.1, Sgd.of()), 1, 10),
            4,
            4,
            List.of("loss"),
            Progress.START,
            false);
    private static final Map<String, Double> HALF = Map.of("loss", 0.5);

    @Test
    void aFileGetsALineForEachEpoch() {
        String text = printed(
                Style.LINES,
                StandardCharsets.UTF_8,
                STARTED,
                new Event.EpochDone(4, 1, Map.of("loss", 1e-5), 0.1, 0.2),
                new Event.EpochDone(8, 10, Map.of("loss", 12.34567), 0.1, 68),
                new Event.EpochDone(8, 10, Map.of("loss", Double.NaN), 0.1, 7300),
                new Event.RunDone(Ending.FINISHED, 8, 10, 0, 1));

        assertThat(text.lines())
                .containsExactly(
                        "Epoch  1/10 - 200ms - loss: 1.0000e-05",
                        "Epoch 10/10 - 1m08s - loss: 12.3457",
                        "Epoch 10/10 - 2h01m - loss: NaN");
    }

    @Test
    void anEpochTellsHowFastItsStepsWere() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProgressPrinter printer =
                new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), Style.LINES);
        printer.on(STARTED);
        long before = System.nanoTime();
        printer.on(new Event.EpochStarted(1)); // of a run that goes on in the middle of the epoch
        Thread.sleep(20);
        printer.on(step(3));
        Thread.sleep(20);
        printer.on(step(4));
        double atMost = (System.nanoTime() - before) / 1e9;
        Thread.sleep(200); // what validation takes
        printer.on(new Event.EpochDone(4, 1, HALF, 0.1, 7));

        String text = bytes.toString(StandardCharsets.UTF_8);
        Matcher line = Pattern.compile("Epoch  1/10 - 7\\.0s - (\\d+)ms/step - (\\d+) samples/s - loss: 0\\.5000\\R")
                .matcher(text);
        assertThat(line.matches()).as(text).isTrue();
        assertThat(Integer.parseInt(line.group(1))).isBetween(20, (int) Math.ceil(1000 * atMost / 2) + 1);
        assertThat(Integer.parseInt(line.group(2))).isBetween((int) (2 / atMost) - 1, 50);
    }

    @Test
    void aNarrowTerminalGetsWhatIsNeededMost() {
        String all = "Epoch  1/10 - 7\\.0s - \\d+[mu]?s/step - \\d+ samples/s - loss: 0\\.5000\\R";
        assertThat(narrow(80)).matches(all);
        assertThat(narrow(50)).matches("Epoch  1/10 - 7\\.0s - \\d+[mu]?s/step - loss: 0\\.5000\\R");
        assertThat(narrow(35)).isEqualTo("Epoch  1/10 - 7.0s - loss: 0.5000" + System.lineSeparator());
        assertThat(narrow(10)).isEqualTo("Epoch  1/10 - loss: 0.5000" + System.lineSeparator());
    }

    private static String narrow(int columns) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProgressPrinter printer =
                new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), Style.LINES, columns);
        printer.on(STARTED);
        printer.on(new Event.EpochStarted(1));
        printer.on(step(1));
        printer.on(new Event.EpochDone(1, 1, HALF, 0.1, 7));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void anEarlyEndNamesTheBestEpoch() {
        String text =
                printed(Style.LINES, StandardCharsets.UTF_8, STARTED, new Event.RunDone(Ending.EARLY, 36, 9, 6, 1));

        assertThat(text.strip()).isEqualTo("Epoch 9: early stopping; the best was epoch 6");
    }

    @Test
    void aTerminalGetsABarThatIsRedrawn() {
        String text = printed(
                Style.IN_PLACE,
                StandardCharsets.UTF_8,
                STARTED,
                new Event.EpochStarted(1),
                new Event.EpochDone(4, 1, HALF, 0.1, 0.2),
                new Event.RunDone(Ending.FINISHED, 4, 1, 0, 1));

        assertThat(text)
                .isEqualTo("\r\u001b[K\u001b[?7lEpoch  1/10 ──────────────── 0/4\u001b[?7h"
                        + "\r\u001b[KEpoch  1/10 - 200ms - loss: 0.5000" + System.lineSeparator());
    }

    @Test
    void theBarGrowsAndTellsTheTimeLeft() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProgressPrinter printer =
                new ProgressPrinter(new PrintStream(bytes, true, StandardCharsets.US_ASCII), Style.IN_PLACE);
        printer.on(STARTED);
        printer.on(new Event.EpochStarted(1));
        Thread.sleep(60); // longer than the shortest time between two drawings
        printer.on(step(1));
        printer.on(step(2));

        assertThat(bytes.toString(StandardCharsets.US_ASCII))
                .matches(
                        "(?s).*\r\u001b\\[K\u001b\\[\\?7lEpoch  1/10 \\[====\\.{12}\\] 1/4 - ETA \\d+s - loss: 0\\.5000\u001b\\[\\?7h")
                .doesNotContain("2/4");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        assertThat(printed(Style.COLOUR, StandardCharsets.UTF_8, STARTED, new Event.EpochStarted(1)))
                .contains("\u001b[32m", "━");
        assertThat(printed(Style.IN_PLACE, StandardCharsets.UTF_8, STARTED, new Event.EpochStarted(1)))
                .doesNotContain("\u001b[32m");
    }

    @Test
    void aRunThatStopsLeavesNoLineOpen() {
        assertThat(printed(
                        Style.IN_PLACE,
                        StandardCharsets.UTF_8,
                        STARTED,
                        new Event.EpochStarted(1),
                        new Event.RunDone(Ending.STOPPED, 1, 0, 0, 1)))
                .endsWith(System.lineSeparator());
    }

    private static Event step(int batch) {
        return new Event.StepDone(batch, 1, batch, 1, HALF, HALF, 0.1);
    }

    private static String printed(Style style, Charset charset, Event... events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ProgressPrinter printer = new ProgressPrinter(new PrintStream(bytes, true, charset), style);
        for (Event event : events) {
            printer.on(event);
        }
        return bytes.toString(charset);
    }
}
