package org.gradus.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.gradus.base.GradusException;

/// What each kernel of a step takes, from the events that Java Flight Recorder keeps of it.
///
/// @param step the name of the step
/// @param runs how many runs of it were recorded
/// @param millis what one run takes, between its kernels too: the median
/// @param kernels by their number in the plan
public record Profile(String step, int runs, double millis, List<Kernel> kernels) {
    private static final String STEP = "org.gradus.Step";
    private static final String KERNEL = "org.gradus.Kernel";

    /// One entry of the plan.
    ///
    /// @param number its number
    /// @param label the ops in it, and the line that made them
    /// @param path the layer that it belongs to; empty outside of layers
    /// @param flops its floating-point operations
    /// @param bytes what it reads and writes
    /// @param millis what it takes: the median
    public record Kernel(int number, String label, String path, long flops, long bytes, double millis) {
        /// The ops and the layer, without the line.
        public String name() {
            return label.replaceAll(" \\w+\\.java:\\d+", "");
        }

        /// Floating-point operations a second, in billions.
        public double gigaflops() {
            return flops / (millis * 1e6);
        }

        /// Bytes a second, in billions.
        public double gigabytes() {
            return bytes / (millis * 1e6);
        }
    }

    /// Records what happens until it is closed or [#stop] is called.
    public static final class Recorder implements AutoCloseable {
        private final Recording recording = new Recording();

        /// Begins.
        public Recorder() {
            recording.enable(STEP).withoutThreshold();
            recording.enable(KERNEL).withoutThreshold();
            recording.start();
        }

        /// The profile of the runs of a step so far. Where it ran with inputs of several shapes, those count that it ran
        /// with most often.
        ///
        /// @throws GradusException when it did not run
        public Profile stop(String step) {
            recording.stop();
            try {
                Path file = Files.createTempFile("gradus", ".jfr");
                try {
                    recording.dump(file);
                    return Profile.of(step, RecordingFile.readAllEvents(file));
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            recording.close();
        }
    }

    private static Profile of(String step, List<RecordedEvent> events) {
        Map<String, List<RecordedEvent>> byInputs = events.stream()
                .filter(event -> event.getEventType().getName().equals(STEP)
                        && event.getString("name").equals(step))
                .collect(Collectors.groupingBy(event -> event.getString("inputs")));
        List<RecordedEvent> runs = byInputs.values().stream()
                .max(Comparator.comparingInt(List::size))
                .orElseThrow(() -> new GradusException(
                        "profile-empty", "The step `" + step + "` did not run while it was recorded. Run it first."));
        List<RecordedEvent> kernels = events.stream()
                .filter(event -> event.getEventType().getName().equals(KERNEL))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
        Map<Integer, List<RecordedEvent>> byEntry = new TreeMap<>();
        for (RecordedEvent run : runs) {
            inside(kernels, run)
                    .forEach(event -> byEntry.computeIfAbsent(event.getInt("entry"), _ -> new ArrayList<>())
                            .add(event));
        }
        return new Profile(
                step,
                runs.size(),
                median(runs),
                byEntry.entrySet().stream()
                        .map(entry -> kernel(entry.getKey(), entry.getValue()))
                        .toList());
    }

    /// The events of a run's thread that begin within it, of some in order.
    private static List<RecordedEvent> inside(List<RecordedEvent> ordered, RecordedEvent run) {
        int from = before(ordered, run.getStartTime());
        int to = before(ordered, run.getEndTime());
        return ordered.subList(from, to).stream()
                .filter(event -> event.getThread().getId() == run.getThread().getId())
                .toList();
    }

    /// How many events begin before a moment.
    private static int before(List<RecordedEvent> ordered, Instant moment) {
        int low = 0;
        int high = ordered.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ordered.get(middle).getStartTime().isBefore(moment)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static Kernel kernel(int number, List<RecordedEvent> events) {
        RecordedEvent one = events.getFirst();
        return new Kernel(
                number,
                one.getString("label"),
                one.getString("path"),
                one.getLong("flops"),
                one.getLong("bytes"),
                median(events));
    }

    /// In milliseconds.
    private static double median(List<RecordedEvent> events) {
        long[] nanos = events.stream()
                .mapToLong(event -> event.getDuration().toNanos())
                .toArray();
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] * 1e-6;
    }
}
