package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.graph.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.nn.Mlp;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Event.Ending;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private final Events events = new Events();

    /// y = 2x + 1 at four places.
    private final Examples line =
            new Examples(Array.of(Shape.of(4, 1), -1.0, 0, 1, 2), Array.of(Shape.of(4, 1), -1.0, 1, 3, 5), List.of());

    @Test
    void aLineIsFound() {
        Session session = session();

        Ending ending = new Trainer(session, lineRecipe(0.1, 4, 300)).fit(line);

        assertThat(ending).isEqualTo(Ending.FINISHED);
        assertThat(session.steps()).isEqualTo(300);
        assertThat(session.state("weight").get(0)).isCloseTo(2, within(1e-6));
        assertThat(session.state("bias").get(0)).isCloseTo(1, within(1e-6));
    }

    @Test
    void anOptimizerCountsItsOwnSteps() {
        Recipe adam = new Recipe(Linear.of(1), Losses::meanSquaredError, Map.of(), Optimizer.of(0.25, Adam.of()), 4, 1);
        Session session = session();
        new Trainer(session, lineRecipe(0, 4, 10)).fit(line);
        for (int trainer = 0; trainer < 2; trainer++) {
            double before = session.state("weight").get(0);

            new Trainer(session, adam).fit(line);

            // Adam's first step has the length of the learning rate, whatever was trained before in the session.
            assertThat(Math.abs(session.state("weight").get(0) - before)).isCloseTo(0.25, within(1e-6));
        }
        assertThat(session.steps()).isEqualTo(12);
    }

    @Test
    void irisesAreTold() {
        Split iris = Split.stratified(Datasets.iris(), 0);
        iris = iris.with(Scaling.standardizing(iris.training()));
        Recipe recipe = Recipe.classifier(Mlp.of(16, 3), Optimizer.of(0.1, Sgd.of(0.9)), 10, 20);
        Trainer trainer = new Trainer(new Session(0, Type.FLOAT32), recipe, events);

        trainer.fit(iris.training(), iris.validation());

        assertThat(trainer.evaluate(iris.test()).get("accuracy")).isGreaterThanOrEqualTo(0.9);
        assertThat(events.of(Event.EpochDone.class).map(e -> e.metrics().keySet()))
                .allSatisfy(keys -> assertThat(keys).containsExactly("loss", "accuracy", "val_loss", "val_accuracy"));
        assertThat(lossesOf(Event.EpochDone.class).getLast()).isLessThan(0.1);
    }

    @Test
    void eventsComeInOrder() {
        new Trainer(session(), lineRecipe(0.1, 3, 2), events).fit(line);

        assertThat(events.all)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "RunStarted",
                        "EpochStarted",
                        "StepDone",
                        "StepDone",
                        "EpochDone",
                        "EpochStarted",
                        "StepDone",
                        "StepDone",
                        "EpochDone",
                        "RunDone");
        Event.RunStarted started = events.of(Event.RunStarted.class).findFirst().orElseThrow();
        assertThat(started.examples()).isEqualTo(4);
        assertThat(started.batches()).isEqualTo(2);
        assertThat(started.metrics()).containsExactly("loss");
        assertThat(events.of(Event.StepDone.class))
                .extracting(Event.StepDone::step)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(events.of(Event.StepDone.class))
                .extracting(Event.StepDone::size)
                .containsExactly(3, 1, 3, 1);
        Event.RunDone done = (Event.RunDone) events.all.getLast();
        assertThat(done.ending()).isEqualTo(Ending.FINISHED);
        assertThat(done.epochs()).isEqualTo(2);
    }

    @Test
    void meansWeighBatchesByTheirSize() {
        new Trainer(session(), lineRecipe(0.1, 3, 1), events).fit(line);

        List<Double> losses = lossesOf(Event.StepDone.class);
        assertThat(lossesOf(Event.EpochDone.class).get(0))
                .isCloseTo((3 * losses.get(0) + losses.get(1)) / 4, within(1e-15));
    }

    @Test
    void evaluationDoesNotDependOnTheBatchAndChangesNothing() {
        Session session = session();
        Map<String, Double> whole = new Trainer(session, lineRecipe(0.1, 4, 1)).evaluate(line);
        Map<String, Double> pieces = new Trainer(session, lineRecipe(0.1, 3, 1)).evaluate(line);

        assertThat(pieces.get("loss")).isCloseTo(whole.get("loss"), within(1e-14));
        assertThat(session.steps()).isZero();
    }

    @Test
    void theSeedAloneDecides() {
        assertThat(lossesOfIris(1)).isEqualTo(lossesOfIris(1)).isNotEqualTo(lossesOfIris(2));
    }

    @Test
    void eachEpochHasItsOwnOrder() {
        List<List<Integer>> batches = new ArrayList<>();
        Dataset watched = new Dataset() {
            @Override
            public int size() {
                return 4;
            }

            @Override
            public Batch batch(int... positions) {
                batches.add(Arrays.stream(positions).boxed().toList());
                return line.batch(positions);
            }
        };
        Session session = session();
        new Trainer(session, lineRecipe(0.1, 4, 8)).fit(watched);
        new Trainer(session, lineRecipe(0.1, 4, 8)).fit(watched);

        assertThat(batches).hasSize(16).allSatisfy(batch -> assertThat(batch).containsExactlyInAnyOrder(0, 1, 2, 3));
        assertThat(batches.stream().distinct().count()).isGreaterThan(8);
    }

    @Test
    void aChangingLearningRateTracesNothingAnew() {
        List<Shape> traced = new ArrayList<>();
        Layer watched = (scope, x) -> {
            traced.add(x.shape());
            return Linear.of(1).forward(scope, x);
        };
        Optimizer decaying = new Optimizer(progress -> 0.1 / (progress.step() + 1), Sgd.of(0.9));

        new Trainer(session(), new Recipe(watched, Losses::meanSquaredError, Map.of(), decaying, 3, 5), events)
                .fit(line);

        assertThat(traced).containsExactly(Shape.of(3, 1), Shape.of(1, 1));
        assertThat(events.of(Event.StepDone.class)
                        .map(Event.StepDone::learningRate)
                        .limit(3))
                .containsExactly(0.1, 0.05, 0.1 / 3);
    }

    @Test
    void aListenerMayStopIt() {
        Trainer[] trainer = new Trainer[1];
        trainer[0] = new Trainer(session(), lineRecipe(0.1, 1, 10), events, event -> {
            if (event instanceof Event.StepDone step && step.step() == 6) {
                trainer[0].stop();
            }
        });

        assertThat(trainer[0].fit(line)).isEqualTo(Ending.STOPPED);

        Event.RunDone done = (Event.RunDone) events.all.getLast();
        assertThat(done)
                .extracting(Event.RunDone::ending, Event.RunDone::step, Event.RunDone::epochs)
                .containsExactly(Ending.STOPPED, 6L, 1);
        assertThat(trainer[0].fit(line)).isEqualTo(Ending.FINISHED);
    }

    @Test
    void aLossThatIsNoNumberEndsTheRun() {
        Trainer trainer = new Trainer(session(), lineRecipe(1e200, 4, 10), events);

        assertThatThrownBy(() -> trainer.fit(line))
                .isInstanceOf(GradusException.class)
                .hasMessageMatching("The loss became (infinite|NaN) at step \\d+, in epoch \\d+, batch 1\\."
                        + " The learning rate is .*Try a smaller one.*");
        assertThat(events.all.getLast()).isInstanceOf(Event.RunDone.class);
        assertThat(((Event.RunDone) events.all.getLast()).ending()).isEqualTo(Ending.DIVERGED);
    }

    @Test
    void aValidationLossThatIsNoNumberEndsTheRun() {
        Trainer trainer = new Trainer(session(), lineRecipe(1e200, 4, 1), events);

        assertThatThrownBy(() -> trainer.fit(line, line))
                .hasMessageContaining("The validation loss became infinite at step 1, after epoch 1.");
    }

    @Test
    void anErrorOfAListenerEndsTheRun() {
        Trainer trainer = new Trainer(session(), lineRecipe(0.1, 4, 1), events, event -> {
            if (event instanceof Event.EpochDone) {
                throw new IllegalStateException("full disk");
            }
        });

        assertThatThrownBy(() -> trainer.fit(line)).hasMessage("full disk");
        assertThat(((Event.RunDone) events.all.getLast()).ending()).isEqualTo(Ending.FAILED);
    }

    @Test
    void lossesAndMetricsAreNumbers() {
        Recipe perExample = new Recipe(Linear.of(1), (y, t) -> y.minus(t), Map.of(), Optimizer.of(0.1, Sgd.of()), 4, 1);

        assertThatThrownBy(() -> new Trainer(session(), perExample).fit(line))
                .hasMessageContaining("The loss of a batch is one number, but has the shape [4, 1]");
    }

    @Test
    void recipesMakeSense() {
        assertThatThrownBy(() -> lineRecipe(0.1, 0, 1)).hasMessageContaining("these are 0 and 1");
        assertThatThrownBy(() -> new Recipe(
                        Linear.of(1),
                        Losses::crossEntropy,
                        Map.of("loss", Metric::accuracy),
                        Optimizer.of(1, Sgd.of()),
                        1,
                        1))
                .hasMessageContaining("A metric is called `loss`");
    }

    @Test
    void thereAreExamples() {
        Trainer trainer = new Trainer(session(), lineRecipe(0.1, 4, 1), events);

        assertThatThrownBy(() -> trainer.fit(line.part())).hasMessageContaining("no examples");
        assertThatThrownBy(() -> trainer.evaluate(line.part())).hasMessageContaining("no examples");
        assertThat(events.all).isEmpty();
    }

    private List<Double> lossesOfIris(long seed) {
        Events heard = new Events();
        Recipe recipe = Recipe.classifier(Mlp.of(8, 3), Optimizer.of(0.05, Sgd.of(0.9)), 32, 2);
        new Trainer(new Session(seed, Type.FLOAT32), recipe, heard).fit(Datasets.iris());
        return heard.of(Event.StepDone.class)
                .map(step -> step.metrics().get("loss"))
                .toList();
    }

    private List<Double> lossesOf(Class<? extends Event> kind) {
        return events.of(kind)
                .map(event -> switch (event) {
                    case Event.StepDone step -> step.metrics().get("loss");
                    case Event.EpochDone epoch -> epoch.metrics().get("loss");
                    default -> throw new AssertionError(event);
                })
                .toList();
    }

    private static Session session() {
        return new Session(3, Type.FLOAT64);
    }

    private static Recipe lineRecipe(double learningRate, int batch, int epochs) {
        return new Recipe(
                Linear.of(1), Losses::meanSquaredError, Map.of(), Optimizer.of(learningRate, Sgd.of()), batch, epochs);
    }
}
