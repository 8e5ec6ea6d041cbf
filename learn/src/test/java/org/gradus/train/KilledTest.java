package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Training that is killed at random moments, again and again, in a virtual machine of its own.
class KilledTest {
    private static final int KILLS = 6;
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

    @TempDir
    private Path folder;

    @Test
    void thereIsAlwaysACompleteCheckpointAndNothingIsLost() throws IOException, InterruptedException {
        long seed = Long.getLong("gradus.seed", System.nanoTime());
        System.out.println("killed at random moments: -Dgradus.seed=" + seed);
        Random random = new Random(seed);
        Path checkpoints = folder.resolve("checkpoints");
        long step = 0;
        for (int i = 0; i < KILLS; i++) {
            Process child = ChildMachine.start(Endless.class, folder.resolve("log"), List.of(), checkpoints.toString());
            awaitLater(checkpoints, step, child);
            TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
            assertThat(child.isAlive()).isTrue();
            child.destroyForcibly().waitFor();

            long now = Checkpoints.in(checkpoints).last().facts().position().step();
            assertThat(now).isGreaterThan(step);
            step = now;
        }

        Checkpoint last = Checkpoints.in(checkpoints).last();
        int epochs = last.facts().position().epochs() + 1;
        Session resumed = Noisy.session();
        new Trainer(resumed, Noisy.recipe(epochs)).resume(last, Noisy.examples(), null);
        Session straight = Noisy.session();
        new Trainer(straight, Noisy.recipe(epochs)).fit(Noisy.examples());
        assertThat(resumed.steps()).isEqualTo(straight.steps());
        straight.states().forEach(key -> {
            Array expected = straight.state(key.path());
            assertThat(resumed.state(key.path()).storage()).as(key.path()).isEqualTo(expected.storage());
        });
    }

    /// Waits for a checkpoint after more steps.
    private void awaitLater(Path checkpoints, long step, Process child) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        String name = ".*-step-(\\d+)";
        while (System.nanoTime() - begun < PATIENCE) {
            assertThat(child.isAlive())
                    .as(Files.readString(folder.resolve("log")))
                    .isTrue();
            if (Files.isDirectory(checkpoints)) {
                try (Stream<Path> folders = Files.list(checkpoints)) {
                    if (folders.map(path -> path.getFileName().toString())
                            .filter(path -> path.matches("epoch" + name))
                            .anyMatch(path -> Long.parseLong(path.replaceAll(name, "$1")) > step)) {
                        return;
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
        throw new AssertionError("no checkpoint after step " + step + ": " + Files.readString(folder.resolve("log")));
    }
}
