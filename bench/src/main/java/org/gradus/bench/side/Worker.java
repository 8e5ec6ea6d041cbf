package org.gradus.bench.side;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The main program of a side: it sets one row up, then does what lines on standard input ask for, and answers in lines
/// that begin with `@`.
///
/// | asked | answered |
/// |---|---|
/// | (at the start) | `@ready flops bytes`, or `@cannot why` |
/// | `check` | `@numbers` and [Work#check] |
/// | `warm seconds` | `@warm runs` |
/// | `measure seconds` | `@took median`, in ms for one run |
/// | `cold` | `@cold first hundredth peak`: when these steps ended, in ms of the clock, and the most memory in MiB |
/// | (the end) | the process ends |
public final class Worker {
    /// One sample of a short work is as many runs as take this long.
    private static final long SAMPLE = Duration.ofMillis(4).toNanos();

    private Worker() {}

    /// Serves one row.
    ///
    /// @param arguments the row, the threads, the file of weights
    public static void serve(Side side, String... arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Work work;
        try {
            work = side.work(Row.of(arguments[0]), Integer.parseInt(arguments[1]), Path.of(arguments[2]));
        } catch (UnsupportedOperationException e) {
            answer("cannot", String.valueOf(e.getMessage()));
            return;
        }
        answer("ready", work.flops(), work.bytes());
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "check" -> {
                    List<Object> numbers = new ArrayList<>(List.of("numbers"));
                    for (float number : work.check()) {
                        numbers.add(number);
                    }
                    answer(numbers.toArray());
                }
                case "warm" -> answer("warm", warm(work, Double.parseDouble(words[1])));
                case "measure" -> answer("took", measure(work, Double.parseDouble(words[1])));
                case "cold" -> cold(work);
                default -> throw new IllegalArgumentException("Asked for `" + line + "`.");
            }
        }
    }

    private static void answer(Object... words) {
        System.out.println(Stream.of(words).map(String::valueOf).collect(Collectors.joining(" ", "@", "")));
        System.out.flush();
    }

    /// Does it for so long, three times at least.
    ///
    /// @return how often
    public static int warm(Work work, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int runs = 0;
        while (runs < 3 || System.nanoTime() < end) {
            work.run();
            runs++;
        }
        return runs;
    }

    /// The median time of a run in ms, measured for so long.
    public static double measure(Work work, double seconds) {
        long before = System.nanoTime();
        work.run();
        long one = Math.max(1, System.nanoTime() - before);
        int each = Math.clamp(SAMPLE / one, 1, 1_000_000);
        List<Double> samples = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (samples.isEmpty() || System.nanoTime() < end) {
            long start = System.nanoTime();
            for (int i = 0; i < each; i++) {
                work.run();
            }
            samples.add((System.nanoTime() - start) * 1e-6 / each);
        }
        samples.sort(null);
        return samples.get(samples.size() / 2);
    }

    private static void cold(Work work) throws IOException {
        work.run();
        long first = System.currentTimeMillis();
        for (int i = 1; i < 100; i++) {
            work.run();
        }
        answer("cold", first, System.currentTimeMillis(), peakMemory());
    }

    /// The most memory that this process has held, in MiB; 0 where the system does not say.
    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "0";
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM")) {
                return String.format(Locale.ROOT, "%.0f", Double.parseDouble(line.replaceAll("\\D", "")) / 1024);
            }
        }
        throw new UncheckedIOException(new IOException("There is no VmHWM in " + status + "."));
    }
}
