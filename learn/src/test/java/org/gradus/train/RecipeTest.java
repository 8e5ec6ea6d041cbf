package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.graph.StateKey;
import org.gradus.nn.BatchNorm;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.Sequential;
import org.gradus.optim.Accumulate;
import org.gradus.optim.Adam;
import org.gradus.optim.AverageWeights;
import org.gradus.optim.Groups;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Parameters;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a recipe may say besides model, loss and optimizer.
class RecipeTest {
    private final Examples examples = Noisy.examples();
    private final Examples validation = examples.part(0, 3, 5, 6, 7);

    @TempDir
    private Path folder;

    @Test
    void frozenParametersStayAndRememberNothing() {
        Session start = Noisy.session();
        new Trainer(start, Noisy.recipe(1)).evaluate(examples);
        Session session = Noisy.session();
        new Trainer(session, Noisy.recipe(2).freezing("hidden.*")).fit(examples);

        assertThat(numbers(session.state("hidden.weight"))).isEqualTo(numbers(start.state("hidden.weight")));
        assertThat(numbers(session.state("last.weight"))).isNotEqualTo(numbers(start.state("last.weight")));
        assertThat(session.states().stream().map(StateKey::path)).doesNotContain("optimizer.momentum.hidden.weight");
        assertThatThrownBy(() -> new Trainer(session, Noisy.recipe(2).freezing("hiden.*")).fit(examples))
                .hasMessageContaining("No parameter matches `hiden.*`");
    }

    /// Everything at once that a checkpoint must keep: sums of gradients, averages, groups that begin later, heads.
    @Test
    void aRunOfItAllGoesOnBitForBit() {
        Groups groups = Groups.of(Adam.of()).with(new Groups.Group(new Parameters("hidden.*"), 0.5, 1, 1));
        Recipe recipe = Noisy.recipe(3)
                .with(Optimizer.of(0.01, new Accumulate(4, groups).then(AverageWeights.exponential(0.8))))
                .with(new Auxiliary("hidden", Linear.of(1), Losses::meanSquaredError, progress -> progress.share()))
                .until(EarlyStopping.min("val_loss", 3));
        Session straight = Noisy.session();
        Events heard = new Events();
        new Trainer(straight, recipe, heard).fit(examples, validation);
        for (int stop : List.of(1, 5, 6, 11)) {
            Checkpoints checkpoints = Checkpoints.in(folder.resolve("at-" + stop));
            Trainer[] trainer = new Trainer[1];
            trainer[0] = new Trainer(Noisy.session(), recipe, event -> {
                if (event instanceof Event.StepDone done && done.step() == stop) {
                    trainer[0].stop();
                }
            });
            trainer[0].keep(checkpoints);
            assertThat(trainer[0].fit(examples, validation)).isEqualTo(Ending.STOPPED);

            Session second = Noisy.session();
            Events after = new Events();
            Trainer goingOn = new Trainer(second, recipe, after);
            goingOn.keep(checkpoints);
            goingOn.resume(checkpoints.last(), examples, validation);

            assertThat(values(second)).as("stopped at %s", stop).isEqualTo(values(straight));
            assertThat(after.of(Event.EpochDone.class).toList().getLast().metrics())
                    .isEqualTo(
                            heard.of(Event.EpochDone.class).toList().getLast().metrics());
        }
    }

    @Test
    void averagesAreWhatIsEvaluatedKeptAndUsed() {
        Recipe plain = Noisy.recipe(2);
        Recipe averaged = plain.with(new Optimizer(
                plain.optimizer().learningRate(), plain.optimizer().rule().then(AverageWeights.equal(0, 1))));
        Session session = Noisy.session();
        Trainer trainer = new Trainer(session, averaged);
        trainer.keep(Checkpoints.in(folder));
        trainer.fit(examples);

        Session raw = Noisy.session();
        Trainer last = new Trainer(raw, plain);
        last.fit(examples);
        Checkpoint kept = Checkpoints.in(folder).last();
        assertThat(numbers(kept.model().get("last.weight"))).isEqualTo(numbers(raw.state("last.weight")));
        assertThat(numbers(kept.bestModel().get("last.weight")))
                .isEqualTo(numbers(session.state("last.weight")))
                .isEqualTo(numbers(session.state(AverageWeights.STATE + "last.weight")))
                .isNotEqualTo(numbers(raw.state("last.weight")));
        assertThat(trainer.evaluate(validation)).isNotEqualTo(last.evaluate(validation));

        Session other = Noisy.session();
        Trainer restored = new Trainer(other, averaged);
        restored.restore(kept, examples);
        assertThat(restored.evaluate(validation)).isEqualTo(trainer.evaluate(validation));
    }

    @Test
    void whileTrainingGoesOnTheAveragesAreEvaluated() {
        Recipe recipe = Noisy.recipe(1);
        Session session = Noisy.session();
        Events events = new Events();
        Recipe averaged = recipe.with(new Optimizer(
                recipe.optimizer().learningRate(), recipe.optimizer().rule().then(AverageWeights.exponential(0.9))));
        new Trainer(session, averaged, events).fit(examples, validation);
        Session used = Noisy.session();
        Trainer evaluating = new Trainer(used, recipe);
        evaluating.evaluate(validation);
        for (StateKey key : used.states()) {
            used.setState(key.path(), session.state(key.path()));
        }

        double measured =
                events.of(Event.EpochDone.class).toList().getFirst().metrics().getOrDefault("val_loss", 0.0);

        assertThat(measured).isEqualTo(evaluating.evaluate(validation).get("loss"));
    }

    /// L-BFGS finds the least squares of a line to the last digits in a few searches.
    @Test
    void aSearchOverAllExamplesFindsTheMinimum() {
        Examples line = new Examples(
                Array.of(Shape.of(5, 1), -1.0, 0, 1, 2, 3), Array.of(Shape.of(5, 1), -1.0, 1, 3, 5, 7), List.of());
        Recipe recipe = new Recipe(Linear.of(1), Losses::meanSquaredError, Map.of(), Optimizer.of(1, Sgd.of()), 2, 3)
                .searching(Lbfgs.of(1, 20, 10));
        Events events = new Events();
        Session session = new Session(1, Type.FLOAT64, 1);

        assertThat(new Trainer(session, recipe, events).fit(line)).isEqualTo(Ending.FINISHED);

        assertThat(session.steps()).isEqualTo(3);
        // It ends when the loss, a square, changes by less than 1e-9.
        assertThat(session.state("weight").get(0)).isCloseTo(2, within(1e-4));
        assertThat(session.state("bias").get(0)).isCloseTo(1, within(1e-4));
        assertThat(events.of(Event.StepDone.class)).hasSize(3).allMatch(done -> done.size() == 5);
    }

    @Test
    void aSearchThatIsStoppedLeavesAllAsItWas() {
        Recipe recipe = Noisy.recipe(3).searching(Lbfgs.of(1, 5, 10));
        Session straight = Noisy.session();
        new Trainer(straight, recipe).fit(examples, validation);

        Checkpoints checkpoints = Checkpoints.in(folder);
        int[] epochs = new int[1];
        Trainer[] trainer = new Trainer[1];
        trainer[0] = new Trainer(Noisy.session(), recipe, event -> {
            if (event instanceof Event.EpochStarted && ++epochs[0] == 2) {
                trainer[0].stop();
            }
        });
        trainer[0].keep(checkpoints);
        assertThat(trainer[0].fit(examples, validation)).isEqualTo(Ending.STOPPED);
        Session second = Noisy.session();
        new Trainer(second, recipe).resume(checkpoints.last(), examples, validation);

        assertThat(values(second)).isEqualTo(values(straight));
    }

    /// Statistics of the population, as one pass by hand gives them: mean of means, and of variances times B/(B - 1).
    @Test
    void aCalibratedModelKnowsThePopulation() {
        Recipe recipe = new Recipe(
                        Sequential.of(BatchNorm.of(), Linear.of(1)),
                        Losses::meanSquaredError,
                        Map.of(),
                        Optimizer.of(0.1, Sgd.of()),
                        11,
                        2)
                .calibrated();
        Session session = Noisy.session();
        Trainer trainer = new Trainer(session, recipe);
        trainer.keep(Checkpoints.in(folder));
        trainer.fit(examples);

        double[] x = examples.features().toDoubles();
        double mean = 0;
        double variance = 0;
        for (int batch = 0; batch < 2; batch++) {
            int from = batch * 11;
            double[] column =
                    IntStream.range(from, from + 11).mapToDouble(i -> x[3 * i]).toArray();
            double middle = Arrays.stream(column).average().orElseThrow();
            mean += middle / 2;
            variance +=
                    Arrays.stream(column).map(v -> (v - middle) * (v - middle)).sum() / 10 / 2;
        }
        assertThat(session.state("0.running_mean").get(0)).isCloseTo(mean, within(1e-6));
        assertThat(session.state("0.running_var").get(0)).isCloseTo(variance, within(1e-6));
        Checkpoint kept = Checkpoints.in(folder).last();
        assertThat(numbers(kept.bestModel().get("0.running_var"))).isEqualTo(numbers(session.state("0.running_var")));
        assertThat(numbers(kept.model().get("0.running_var"))).isNotEqualTo(numbers(session.state("0.running_var")));
    }

    @Test
    void aPassTakesWhatTheSamplingSays() {
        Session session = Noisy.session();
        Recipe first = Noisy.recipe(1).sampling((size, seed, pass, progress) -> new int[size]);
        Events events = new Events();
        new Trainer(session, first.with(Optimizer.of(0, Sgd.of())), events).fit(examples);

        Trainer trainer = new Trainer(session, first);
        assertThat(events.of(Event.StepDone.class)).hasSize(Noisy.BATCHES);
        assertThat(trainer.recipe.epochs()).isEqualTo(1);
        assertThatThrownBy(() ->
                        new Trainer(session, first.sampling((size, seed, pass, progress) -> new int[3])).fit(examples))
                .hasMessageContaining("as many examples as there are, 22, but the sampling gave 3");
    }

    private static Map<String, List<Double>> values(Session session) {
        Map<String, List<Double>> values = new TreeMap<>();
        session.states().forEach(key -> values.put(key.path(), numbers(session.state(key.path()))));
        return values;
    }

    private static List<Double> numbers(@Nullable Array array) {
        return Arrays.stream(Objects.requireNonNull(array).toDoubles()).boxed().toList();
    }
}
