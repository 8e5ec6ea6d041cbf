package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Event.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyStoppingTest {
    /// y = 2x + 1 at four places.
    private final Examples line =
            new Examples(Array.of(Shape.of(4, 1), -1.0, 0, 1, 2), Array.of(Shape.of(4, 1), -1.0, 1, 3, 5), List.of());

    private final Events events = new Events();
    private final Session session = new Session(3, Type.FLOAT64);

    @TempDir
    private Path folder;

    @Test
    void theBestEpochIsPutBack() {
        Trainer trainer = new Trainer(session, recipe(20).until(EarlyStopping.min("val_loss", 3)), events);

        assertThat(trainer.fit(line, line)).isEqualTo(Ending.EARLY);

        Event.RunDone done = (Event.RunDone) events.all.getLast();
        List<Double> losses = losses();
        assertThat(done.best()).isEqualTo(6); // the last one before learning goes the wrong way
        assertThat(done.epochs()).isEqualTo(9);
        assertThat(losses).hasSize(9);
        assertThat(trainer.evaluate(line).get("loss")).isEqualTo(losses.get(5)).isLessThan(losses.get(8));
        assertThat(session.steps()).isEqualTo(9);
    }

    @Test
    void theBestIsPutBackAlsoAfterAllEpochs() {
        Trainer trainer = new Trainer(session, recipe(8).until(EarlyStopping.min("val_loss", 3)), events);

        assertThat(trainer.fit(line, line)).isEqualTo(Ending.FINISHED);

        assertThat(trainer.evaluate(line).get("loss")).isEqualTo(losses().get(5));
    }

    @Test
    void smallChangesMayNotCount() {
        EarlyStopping much = new EarlyStopping("loss", EarlyStopping.Goal.MIN, 2, 1e9);

        new Trainer(session, recipe(20).until(much), events).fit(line);

        Event.RunDone done = (Event.RunDone) events.all.getLast();
        assertThat(done).extracting(Event.RunDone::best, Event.RunDone::epochs).containsExactly(1, 3);
    }

    @Test
    void largerMayBeBetter() {
        EarlyStopping largest = EarlyStopping.max("val_loss", 2);

        new Trainer(session, recipe(20).until(largest), events).fit(line, line);

        Event.RunDone done = (Event.RunDone) events.all.getLast();
        assertThat(done).extracting(Event.RunDone::best, Event.RunDone::epochs).containsExactly(1, 3);
        assertThat(largest.isBetter(2, 1)).isTrue();
        assertThat(largest.isBetter(1, 1)).isFalse();
        assertThat(largest.isBetter(Double.NaN, 1)).isFalse();
        assertThat(EarlyStopping.min("loss", 1).isBetter(Double.NaN, 1)).isFalse();
    }

    @Test
    void aRunThatGoesOnRemembersTheBest() {
        Recipe recipe = recipe(20).until(EarlyStopping.min("val_loss", 3));
        new Trainer(session, recipe, events).fit(line, line);

        for (int step = 4; step <= 9; step++) {
            Events heard = new Events();
            Trainer first = new Trainer(new Session(3, Type.FLOAT64), recipe, heard);
            int end = step;
            heard.reaction = event -> {
                if (event instanceof Event.EpochDone done && done.epoch() == end) {
                    first.stop();
                }
            };
            Checkpoints checkpoints = Checkpoints.in(folder.resolve("run" + step));
            first.keep(checkpoints);
            assertThat(first.fit(line, line)).isEqualTo(step == 9 ? Ending.EARLY : Ending.STOPPED);

            Session second = new Session(3, Type.FLOAT64);
            Events rest = new Events();
            Trainer goingOn = new Trainer(second, recipe, rest);
            assertThat(goingOn.resume(checkpoints.last(), line, line)).isEqualTo(Ending.EARLY);
            assertThat(((Event.RunDone) rest.all.getLast()).best()).isEqualTo(6);
            assertThat(((Event.RunDone) rest.all.getLast()).epochs()).isEqualTo(9);
            assertThat(second.state("weight").storage())
                    .isEqualTo(session.state("weight").storage());
        }
    }

    @Test
    void whatIsWatchedIsMeasured() {
        Trainer trainer = new Trainer(session, recipe(2).until(EarlyStopping.min("val_loss", 3)));

        assertThatThrownBy(() -> trainer.fit(line))
                .hasMessageContaining("watches `val_loss`, but the epochs of this run" + " bring [loss]");
        assertThatThrownBy(() -> EarlyStopping.min("loss", 0)).hasMessageContaining("but these are 0 and 0.0");
    }

    /// Learns for six epochs and then unlearns.
    private static Recipe recipe(int epochs) {
        Optimizer turning = new Optimizer(progress -> progress.epoch() < 6 ? 0.1 : -0.1, Sgd.of());
        return new Recipe(Linear.of(1), Losses::meanSquaredError, Map.of(), turning, 4, epochs);
    }

    private List<Double> losses() {
        return events.of(Event.EpochDone.class)
                .map(epoch -> epoch.metrics().get("val_loss"))
                .toList();
    }
}
