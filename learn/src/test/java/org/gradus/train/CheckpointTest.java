package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.formats.Safetensors;
import org.gradus.formats.WholeFolder;
import org.gradus.graph.StateKey;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Event.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private final Examples examples = Noisy.examples();
    private final Examples validation = examples.part(0, 3, 5, 6, 7);

    @TempDir
    private Path folder;

    @Test
    void twoAndTwoEpochsAreFour() {
        Session straight = Noisy.session();
        Events heard = new Events();
        new Trainer(straight, Noisy.recipe(4), heard).fit(examples, validation);

        Events before = new Events();
        Trainer first = new Trainer(Noisy.session(), Noisy.recipe(4), before);
        stopAt(first, before, 2 * Noisy.BATCHES);
        first.keep(checkpoints());
        assertThat(first.fit(examples, validation)).isEqualTo(Ending.STOPPED);

        Session second = Noisy.session();
        Events after = new Events();
        Trainer goingOn = new Trainer(second, Noisy.recipe(4), after);
        assertThat(goingOn.resume(checkpoints().last(), examples, validation)).isEqualTo(Ending.FINISHED);

        assertThat(states(second)).isEqualTo(states(straight)).hasSize(9);
        assertThat(second.steps()).isEqualTo(straight.steps()).isEqualTo(4 * Noisy.BATCHES);
        assertThat(metrics(before, after)).isEqualTo(metrics(heard)).hasSize(4);
    }

    /// At the first step, in the middle, before the last batch of an epoch, after it but before the validation, and one
    /// after.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, Noisy.BATCHES - 1, Noisy.BATCHES, Noisy.BATCHES + 1, 3 * Noisy.BATCHES - 2})
    void anInterruptionMakesNoDifference(int step) {
        Session straight = Noisy.session();
        Events heard = new Events();
        new Trainer(straight, Noisy.recipe(3), heard).fit(examples, validation);

        Session session = Noisy.session();
        Events before = new Events();
        Trainer first = new Trainer(session, Noisy.recipe(3), before);
        stopAt(first, before, step);
        first.keep(checkpoints());
        assertThat(first.fit(examples, validation)).isEqualTo(Ending.STOPPED);
        assertThat(session.steps()).isEqualTo(step);

        Session second = Noisy.session();
        Events after = new Events();
        Trainer goingOn = new Trainer(second, Noisy.recipe(3), after);
        goingOn.evaluate(validation); // changes nothing
        goingOn.keep(checkpoints());
        goingOn.resume(checkpoints().last(), examples, validation);

        assertThat(states(second)).isEqualTo(states(straight));
        assertThat(metrics(before, after)).isEqualTo(metrics(heard)).hasSize(3);
        assertThat(after.of(Event.RunStarted.class))
                .singleElement()
                .matches(Event.RunStarted::resumed)
                .matches(run -> run.start().step() == step);
        assertThat(checkpoints().last().facts().position().step()).isEqualTo(3 * Noisy.BATCHES);
    }

    @Test
    void aSessionThatHasGoneOnGoesBack() {
        Session session = Noisy.session();
        Trainer trainer = new Trainer(session, Noisy.recipe(2));
        trainer.fit(examples);
        Checkpoint checkpoint = trainer.checkpoint();
        Trainer more = new Trainer(session, Noisy.recipe(4));
        more.resume(checkpoint, examples, null);
        List<List<Object>> once = states(session);
        more.resume(checkpoint, examples, null);

        assertThat(states(session)).isEqualTo(once);
        assertThat(session.steps()).isEqualTo(4 * Noisy.BATCHES);
    }

    @Test
    void aFolderHoldsItAll() throws IOException {
        Trainer trainer = new Trainer(Noisy.session(), Noisy.recipe(1).until(EarlyStopping.min("loss", 3)));
        trainer.keep(checkpoints().with(Map.of("classes", List.of("a", "b"), "scale", 0.1, "side", 28)));
        trainer.fit(examples);

        Path last = folder.resolve("epoch-1-step-6");
        assertThat(WholeFolder.list(folder)).containsExactly(last);
        assertThat(Safetensors.read(last.resolve("model.safetensors")).arrays())
                .containsOnlyKeys("hidden.weight", "hidden.bias", "running_mean", "last.weight", "last.bias");
        assertThat(Safetensors.read(last.resolve("optimizer.safetensors")).arrays())
                .containsOnlyKeys(
                        "optimizer.momentum.hidden.weight",
                        "optimizer.momentum.hidden.bias",
                        "optimizer.momentum.last.weight",
                        "optimizer.momentum.last.bias");
        Checkpoint checkpoint = Checkpoint.read(last);
        assertThat(checkpoint.facts())
                .isEqualTo(trainer.checkpoint()
                        .with(Map.of("classes", List.of("a", "b"), "scale", 0.1, "side", 28))
                        .facts());
        assertThat(checkpoint.facts().states()).containsEntry("hidden.weight", "float32[5, 3] weight");
        assertThat(checkpoint.best()).hasSize(5);
        assertThat(Files.readString(last.resolve("checkpoint.json")))
                .contains("\"format\" : 1", "\"seed\" : 5", "\"type\" : \"float32\"", "\"step\" : 6");
    }

    @Test
    void anotherModelIsToldAndChangesNothing() {
        Trainer trained = new Trainer(Noisy.session(), line(2, Sgd.of(0.9)));
        trained.fit(examples);
        Checkpoint checkpoint = trained.checkpoint();

        refuses(
                checkpoint,
                line(3, Sgd.of(0.9)),
                "The state `weight` is float32[3, 3] in this model, but float32[2, 3]");
        refuses(
                checkpoint,
                line(2, Sgd.of()),
                "The state `optimizer.momentum.weight` is float32[2, 3] in the checkpoint," + " but not in this model");
        trained = new Trainer(Noisy.session(), line(2, Sgd.of()));
        trained.fit(examples);
        refuses(
                trained.checkpoint(),
                line(2, Sgd.of(0.9)),
                "The state `optimizer.momentum.weight` is float32[2, 3] in" + " this model, but not in the checkpoint");
    }

    private void refuses(Checkpoint checkpoint, Recipe recipe, String fact) {
        Session session = Noisy.session();
        Trainer trainer = new Trainer(session, recipe);
        trainer.evaluate(examples);
        List<List<Object>> model = states(session);

        assertThatThrownBy(() -> trainer.resume(checkpoint, examples, null))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("checkpoint-model"))
                .hasMessageContaining(fact);
        assertThat(states(session)).containsAll(model);
        assertThat(session.steps()).isZero();
    }

    @Test
    void otherConditionsAreTold() {
        Trainer trained = new Trainer(Noisy.session(), line(1, Sgd.of()));
        trained.fit(examples);
        Checkpoint checkpoint = trained.checkpoint();

        Trainer other = new Trainer(new Session(6, Type.FLOAT32), line(1, Sgd.of()));
        assertThatThrownBy(() -> other.resume(checkpoint, examples, null))
                .hasMessageContaining("run with seed 5, float32, 22 examples in batches of 4, [loss], but this one has"
                        + " seed 6, float32, 22 examples");
        Trainer fewer = new Trainer(Noisy.session(), line(1, Sgd.of()));
        assertThatThrownBy(() -> fewer.resume(checkpoint, validation, null))
                .hasMessageContaining("has seed 5, float32, 5");
    }

    @Test
    void theModelAloneCanBeRestored() {
        Trainer trained = new Trainer(Noisy.session(), line(1, Sgd.of(0.9)));
        trained.fit(examples);
        Session session = new Session(77, Type.FLOAT32);
        Trainer tuning = new Trainer(session, line(1, Sgd.of()));

        tuning.restore(trained.checkpoint(), examples);

        assertThat(tuning.evaluate(examples)).isEqualTo(trained.evaluate(examples));
        assertThat(session.steps()).isZero();
        Trainer noisy = new Trainer(Noisy.session(), Noisy.recipe(1).until(EarlyStopping.min("loss", 9)));
        noisy.fit(examples);
        Session withBuffer = Noisy.session();
        new Trainer(withBuffer, Noisy.recipe(1)).restore(noisy.checkpoint(), examples);
        assertThat(withBuffer.state("running_mean").storage())
                .as("a buffer that evaluation does not ask for")
                .isEqualTo(noisy.checkpoint().best().get("running_mean").storage());
        Trainer wider = new Trainer(new Session(77, Type.FLOAT32), line(2, Sgd.of()));
        assertThatThrownBy(() -> wider.restore(trained.checkpoint(), examples))
                .hasMessageContaining("float32[2, 3] in this model, but float32[1, 3] in the checkpoint");
    }

    @Test
    void thereIsSomethingToGoOnFromOnceARunHasBegun() {
        assertThatThrownBy(() -> new Trainer(Noisy.session(), Noisy.recipe(1)).checkpoint())
                .hasMessageContaining("No run of this trainer has begun");
        assertThatThrownBy(() -> checkpoints().last()).hasMessageContaining("There is no checkpoint in");
    }

    @Test
    void onlyTheLastOneStaysAndRubbishGoes() throws IOException {
        Files.createDirectories(folder.resolve(".epoch-0-step-1.99.tmp"));
        Files.writeString(folder.resolve(".epoch-0-step-1.99.tmp").resolve("model.safetensors"), "half");
        Checkpoints checkpoints = checkpoints();
        Trainer[] trainer = new Trainer[1];
        trainer[0] = new Trainer(Noisy.session(), Noisy.recipe(2), event -> {
            if (event instanceof Event.StepDone step) {
                checkpoints.write(trainer[0].checkpoint());
                assertThat(WholeFolder.list(folder)).hasSize(1);
                assertThat(checkpoints.last().facts().position().step()).isEqualTo(step.step());
            }
        });
        trainer[0].fit(examples);

        Trainer fresh = new Trainer(Noisy.session(), Noisy.recipe(1));
        fresh.keep(checkpoints);
        assertThatThrownBy(() -> fresh.fit(examples))
                .hasMessageContaining("a checkpoint of step 12, but this session is at step 0");
    }

    @Test
    void aDamagedOneIsTold() throws IOException {
        Trainer trainer = new Trainer(Noisy.session(), Noisy.recipe(1));
        trainer.keep(checkpoints());
        trainer.fit(examples);
        Path last = checkpoints().lastFolder().orElseThrow();
        Path json = last.resolve("checkpoint.json");
        String text = Files.readString(json);

        Files.writeString(json, text.replace("\"format\" : 1", "\"format\" : 2"));
        assertThatThrownBy(() -> Checkpoint.read(last)).hasMessageContaining("is of format 2, but this version");
        Files.writeString(json, text.replace("\"seed\"", "\"sad\""));
        assertThatThrownBy(() -> Checkpoint.read(last)).hasMessageContaining("does not say what it should");
        Files.writeString(json, text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> Checkpoint.read(last)).hasMessageContaining("is no JSON");
        Files.writeString(json, text);
        Files.delete(last.resolve("optimizer.safetensors"));
        assertThatThrownBy(() -> Checkpoint.read(last)).hasMessageContaining("There is no file");
    }

    @Test
    void aRunThatDivergesKeepsItsLastGoodCheckpoint() {
        Optimizer wild = new Optimizer(progress -> progress.step() < 8 ? 0.01 : 1e30, Sgd.of());
        Recipe recipe = new Recipe(Linear.of(1), Losses::meanSquaredError, Map.of(), wild, Noisy.BATCH, 4);
        Trainer trainer = new Trainer(Noisy.session(), recipe);
        trainer.keep(checkpoints());

        assertThatThrownBy(() -> trainer.fit(examples)).hasMessageContaining("became");
        Checkpoint last = checkpoints().last();
        assertThat(last.facts().position().step()).isBetween(1L, 9L);
        last.model()
                .values()
                .forEach(array -> assertThat(DoubleStream.of(array.toDoubles())).allMatch(Double::isFinite));
    }

    private Checkpoints checkpoints() {
        return Checkpoints.in(folder).every(Duration.ZERO);
    }

    private static Recipe line(int width, Sgd rule) {
        return new Recipe(
                Linear.of(width),
                (output, labels) -> output.squared().mean(),
                Map.of(),
                Optimizer.of(0.1, rule),
                Noisy.BATCH,
                1);
    }

    /// Stops after so many steps of the session.
    private static void stopAt(Trainer trainer, Events events, int step) {
        events.reaction = event -> {
            if (event instanceof Event.StepDone done && done.step() == step) {
                trainer.stop();
            }
        };
    }

    private static List<List<Object>> states(Session session) {
        return session.states().stream()
                .sorted((a, b) -> a.path().compareTo(b.path()))
                .map(key -> List.<Object>of(key.path(), numbers(session, key)))
                .toList();
    }

    private static List<Double> numbers(Session session, StateKey key) {
        Array array = session.state(key.path());
        return IntStream.range(0, array.count()).mapToObj(array::get).toList();
    }

    /// What the epochs of these runs brought.
    private static List<Map<String, Double>> metrics(Events... runs) {
        return Stream.of(runs)
                .flatMap(run -> run.of(Event.EpochDone.class))
                .map(epoch -> {
                    Map<String, Double> numbers = new LinkedHashMap<>(epoch.metrics());
                    numbers.put("epoch", (double) epoch.epoch());
                    numbers.put("rate", epoch.learningRate());
                    return numbers;
                })
                .toList();
    }
}
