package org.gradus.train;

import java.nio.file.Path;

/// A program that trains until it is killed, and writes a checkpoint after every step.
final class Endless {
    private Endless() {}

    /// @param arguments the folder of the checkpoints; the last one, if there is one, is where it goes on
    public static void main(String... arguments) {
        Path folder = Path.of(arguments[0]);
        Checkpoints checkpoints = Checkpoints.in(folder);
        Trainer[] trainer = new Trainer[1];
        trainer[0] = new Trainer(Noisy.session(), Noisy.recipe(1_000_000), event -> {
            if (event instanceof Event.StepDone) {
                checkpoints.write(trainer[0].checkpoint());
            }
        });
        if (checkpoints.lastFolder().isEmpty()) {
            trainer[0].fit(Noisy.examples());
        } else {
            trainer[0].resume(checkpoints.last(), Noisy.examples(), null);
        }
    }
}
