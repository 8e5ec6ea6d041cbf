package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Java Flight Recorder keeps of a step: each run of it, and when asked for, of each kernel.
class EventsTest {
    private static final String STEP = "org.gradus.Step";
    private static final String KERNEL = "org.gradus.Kernel";

    @TempDir
    private Path folder;

    @Test
    void stepsAndKernelsAreRecorded() throws IOException {
        Session session = new Session(1, Type.FLOAT32);
        Step step = session.step("train", Mode.TRAIN, Networks.training(Networks.perceptron(8, 10)));
        Array[] batch = Networks.batch(Type.FLOAT32, 6, 5);
        step.run(batch);
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            recording.enable(STEP);
            recording.enable(KERNEL).withoutThreshold();
            recording.start();
            step.run(batch);
            step.runInto(step.run(batch).toArray(Array[]::new), batch);
            recording.stop();
            events = read(recording);
        }
        step.run(batch); // not recorded
        List<RecordedEvent> steps = named(events, STEP);
        assertThat(steps).extracting(event -> event.getLong("number")).containsExactly(1L, 2L, 3L);
        assertThat(steps).allSatisfy(event -> {
            assertThat(event.getString("name")).isEqualTo("train");
            assertThat(event.getString("inputs")).isEqualTo("[float32[6, 5], int64[6]]");
            assertThat(event.getDuration().toNanos()).isPositive();
        });
        Plan plan = step.plan(Arrays.stream(batch).map(Array::type).toList());
        List<RecordedEvent> kernels = named(events, KERNEL);
        assertThat(kernels).hasSize(3 * plan.entries().size());
        long inside = 0;
        for (int i = 0; i < kernels.size(); i++) {
            RecordedEvent event = kernels.get(i);
            int number = i % plan.entries().size();
            Plan.Entry entry = plan.entries().get(number);
            assertThat(event.getInt("entry")).isEqualTo(number);
            assertThat(event.getString("label")).isEqualTo(entry.label());
            assertThat(event.getString("path")).isEqualTo(entry.path());
            assertThat(event.getLong("flops")).isEqualTo(entry.flops());
            assertThat(event.getLong("bytes")).isEqualTo(plan.bytes(entry));
            inside += event.getDuration().toNanos();
        }
        assertThat(kernels)
                .anySatisfy(event -> assertThat(event.getLong("flops")).isEqualTo(2 * 6 * 5 * 8));
        assertThat(kernels.stream().mapToLong(event -> event.getLong("bytes")).sum())
                .isPositive();
        assertThat(inside)
                .isPositive()
                .isLessThanOrEqualTo(steps.stream()
                        .mapToLong(event -> event.getDuration().toNanos())
                        .sum());
    }

    /// A recording that asks for nothing has the steps; kernels, of which there may be too many, it has not.
    @Test
    void kernelsMustBeAskedFor() throws IOException {
        Step step = new Session(1, Type.FLOAT32)
                .step("plus", Mode.EVAL, (scope, in) -> List.of(in.get(0).plus(1)));
        try (Recording recording = new Recording()) {
            recording.start();
            step.run(Array.of(org.gradus.base.Shape.of(2), 1f, 2));
            recording.stop();
            List<RecordedEvent> events = read(recording);
            assertThat(named(events, STEP)).hasSize(1);
            assertThat(named(events, KERNEL)).isEmpty();
        }
    }

    @Test
    void eventsSayWhatTheyAre() {
        for (Class<? extends jdk.jfr.Event> event : List.of(StepEvent.class, KernelEvent.class)) {
            EventType type = EventType.getEventType(event);
            assertThat(type.getName()).isIn(STEP, KERNEL);
            assertThat(type.getCategoryNames()).containsExactly("Gradus");
            assertThat(type.getDescription()).isNotBlank();
            assertThat(type.getFields())
                    .allSatisfy(field -> assertThat(field.getLabel()).isNotBlank());
        }
    }

    private List<RecordedEvent> read(Recording recording) throws IOException {
        Path file = folder.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .sorted(java.util.Comparator.comparing(RecordedEvent::getStartTime))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
