package org.gradus.train;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.metrics.Numbers;

/// Progress for people to watch: one line for each epoch, as Keras prints them, with the time that the whole epoch took
/// and how fast its training steps were. On a terminal the line of the epoch that goes on has a bar and the time left for
/// the whole run, and is redrawn in place. Of a finished line as much is left out as it takes to fit there.
public final class ProgressPrinter implements Listener {
    private static final int BAR = 16;
    private static final long REDRAW_NANOS = 50_000_000;
    private static final String CLEAR = "\r\u001b[K";
    private static final String CUT_OFF = "\u001b[?7l"; // rather than wrap: a wrapped line cannot be redrawn
    private static final String WRAP = "\u001b[?7h";
    private static final String GREEN = "\u001b[32m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final Style style;
    private final int columns;
    private int epochs;
    private int batches;
    private double share; // of the run that was done when it began
    private long started;
    private long begun; // the epoch
    private long trained; // its last step so far
    private int steps; // of the epoch, in this run
    private int samples;
    private long drawn;
    private boolean open; // whether an unfinished line stands on the terminal

    /// How much a terminal can do.
    public enum Style {
        /// Not a terminal: whole lines only.
        LINES,
        /// Lines are redrawn in place.
        IN_PLACE,
        /// In place and in colour.
        COLOUR
    }

    /// @param out where to print; its character set decides how the bar looks
    public ProgressPrinter(PrintStream out, Style style) {
        this(out, style, Integer.MAX_VALUE);
    }

    /// @param out where to print; its character set decides how the bar looks
    /// @param columns how wide a line may be, if what is needed most fits
    public ProgressPrinter(PrintStream out, Style style, int columns) {
        this.out = out;
        this.style = style;
        this.columns = columns;
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.RunStarted run -> {
                epochs = run.recipe().epochs();
                batches = run.batches();
                share = run.start().share();
                started = System.nanoTime();
            }
            case Event.EpochStarted epoch -> {
                drawn = 0;
                steps = 0;
                samples = 0;
                begun = System.nanoTime();
                draw(epoch.epoch(), 0, Map.of());
            }
            case Event.StepDone step -> {
                steps++;
                samples += step.size();
                trained = System.nanoTime();
                draw(step.epoch(), step.batch(), step.means());
            }
            case Event.EpochDone epoch -> {
                String line = line(epoch);
                out.println(style == Style.LINES ? line : CLEAR + line);
                open = false;
            }
            case Event.Inspected _ -> {}
            case Event.RunDone run -> {
                if (open) {
                    out.println();
                    open = false;
                }
                if (run.ending() == Event.Ending.EARLY) {
                    out.println("Epoch " + run.epochs() + ": early stopping; the best was epoch " + run.best());
                }
            }
        }
        out.flush();
    }

    private void draw(int epoch, int batch, Map<String, Double> means) {
        long now = System.nanoTime();
        if (style == Style.LINES || (drawn != 0 && now - drawn < REDRAW_NANOS)) {
            return;
        }
        drawn = now;
        double done = (epoch - 1 + (double) batch / batches) / epochs;
        double left = (now - started) / 1e9 * (1 - done) / (done - share);
        out.print(CLEAR + CUT_OFF + label(epoch) + " " + bar((double) batch / batches) + " " + batch + "/" + batches
                + (done > share ? " - ETA " + whole((long) Math.ceil(left)) : "") + text(means) + WRAP);
        open = true;
    }

    /// Without the speed, and then without the time, where the line would be too wide.
    private String line(Event.EpochDone epoch) {
        String label = label(epoch.epoch());
        String metrics = text(epoch.metrics());
        String time = " - " + time(epoch.seconds());
        String step = perStep();
        for (String more : List.of(time + step + perSecond(), time + step, time)) {
            if (label.length() + more.length() + metrics.length() <= columns) {
                return label + more + metrics;
            }
        }
        return label + metrics;
    }

    private String label(int epoch) {
        String last = String.valueOf(epochs);
        return "Epoch " + " ".repeat(last.length() - String.valueOf(epoch).length()) + epoch + "/" + last;
    }

    /// Such as ` - 21ms/step`.
    private String perStep() {
        return steps == 0 ? "" : " - " + time((trained - begun) / 1e9 / steps) + "/step";
    }

    /// Such as ` - 1523 samples/s`.
    private String perSecond() {
        return steps == 0 ? "" : " - " + Math.round(samples / ((trained - begun) / 1e9)) + " samples/s";
    }

    private String bar(double share) {
        boolean drawing = out.charset().newEncoder().canEncode('━');
        int full = (int) Math.round(BAR * share);
        if (style == Style.COLOUR) {
            String line = drawing ? "━" : "=";
            return GREEN + line.repeat(full) + PLAIN + DIM + line.repeat(BAR - full) + PLAIN;
        }
        return drawing
                ? "━".repeat(full) + "─".repeat(BAR - full)
                : "[" + "=".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private static String text(Map<String, Double> metrics) {
        StringBuilder text = new StringBuilder();
        metrics.forEach(
                (name, value) -> text.append(" - ").append(name).append(": ").append(Numbers.text(value)));
        return text.toString();
    }

    /// Such as `3ms`, `4.1s`, `32s`, `2m05s` or `1h12m`.
    private static String time(double seconds) {
        if (seconds < 0.0009995) {
            return Math.round(seconds * 1e6) + "us";
        }
        if (seconds < 0.9995) {
            return Math.round(seconds * 1000) + "ms";
        }
        return seconds < 9.95 ? String.format(Locale.ROOT, "%.1fs", seconds) : whole(Math.round(seconds));
    }

    private static String whole(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60);
    }
}
