package org.gradus.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.base.GradusException;
import org.gradus.formats.WholeFolder;

/// The folder of one run's checkpoints, such as `epoch-12-step-816`: twelve epochs are finished, and the session has
/// taken 816 steps. The last one is the one that counts; it is removed when the next one is complete. So there is a
/// complete one at any moment, however the process ends.
///
/// A [Trainer] that was told to [keep][Trainer#keep] them writes one at the end of a run, when it is stopped, and in
/// between after an epoch or a step once the last one is old enough: `every`, and twenty times what writing it took, so
/// that training slows down by a twentieth at most.
public final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("epoch-(\\d{1,9})-step-(\\d{1,18})");
    private static final int SPARING = 20;

    private final Path folder;
    private final Duration every;
    private final Map<String, Object> notes;
    private long written = System.nanoTime();
    private long cost;

    private Checkpoints(Path folder, Duration every, Map<String, Object> notes) {
        this.folder = folder;
        this.every = every;
        this.notes = notes;
    }

    /// Those in this folder, which is made with the first one; written once a second at most.
    public static Checkpoints in(Path folder) {
        return new Checkpoints(folder, Duration.ofSeconds(1), Map.of());
    }

    /// The same, written at most once in such a time.
    public Checkpoints every(Duration time) {
        return new Checkpoints(folder, time, notes);
    }

    /// The same with these notes in each, such as scaling and class names: anything that JSON can say.
    public Checkpoints with(Map<String, ?> more) {
        return new Checkpoints(folder, every, Collections.unmodifiableMap(new TreeMap<>(more)));
    }

    /// The last one.
    ///
    /// @throws GradusException when there is none, or what is wrong with it
    public Checkpoint last() {
        return Checkpoint.read(lastFolder()
                .orElseThrow(() -> new GradusException(
                        "checkpoint-none",
                        "There is no checkpoint in `" + folder.toAbsolutePath()
                                + "`. One is written when an epoch ends or training is interrupted. Is it the folder"
                                + " of a run's checkpoints?")));
    }

    /// The folder of the last one, if there is one.
    public Optional<Path> lastFolder() {
        return complete().stream()
                .max(Comparator.comparingLong(Checkpoints::step).thenComparingLong(Checkpoints::epochs));
    }

    /// Writes the next one and removes those before.
    ///
    /// @throws GradusException when it cannot be written, or the folder has a later one, of another run
    public void write(Checkpoint checkpoint) {
        long begun = System.nanoTime();
        Checkpoint.Position position = checkpoint.facts().position();
        demandNoneAfter(position.step());
        Path next = folder.resolve("epoch-" + position.epochs() + "-step-" + position.step());
        List<Path> before = complete();
        if (!before.contains(next)) {
            checkpoint.with(notes).write(next);
            before.forEach(WholeFolder::remove);
            WholeFolder.removeUnfinished(folder);
        }
        written = System.nanoTime();
        cost = written - begun;
    }

    /// Whether the last one is old enough for another one.
    boolean isDue() {
        return System.nanoTime() - written >= Math.max(every.toNanos(), SPARING * cost);
    }

    /// Checks that a run may write here after so many steps.
    void demandNoneAfter(long step) {
        Path last = lastFolder().orElse(null);
        if (last != null && step(last) > step) {
            throw new GradusException(
                    "checkpoint-later",
                    "`" + last + "` is a checkpoint of step " + step(last) + ", but this session is at step " + step
                            + ": it does not go on from there. Resume that run, or use another folder.");
        }
    }

    private List<Path> complete() {
        return WholeFolder.list(folder).stream()
                .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
                .toList();
    }

    private static long step(Path checkpoint) {
        return number(checkpoint, 2);
    }

    private static long epochs(Path checkpoint) {
        return number(checkpoint, 1);
    }

    private static long number(Path checkpoint, int group) {
        Matcher name = NAME.matcher(checkpoint.getFileName().toString());
        if (!name.matches()) {
            throw new AssertionError(checkpoint);
        }
        return Long.parseLong(name.group(group));
    }
}
