package org.gradus.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.Activation;
import org.gradus.nn.Dropout;
import org.gradus.nn.Linear;
import org.gradus.nn.Mlp;
import org.gradus.nn.MseLoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.strategies.Ensemble.Combination;
import org.gradus.strategies.Strategy.Result;
import org.gradus.train.Checkpoint;
import org.gradus.train.Event;
import org.gradus.train.Event.Ending;
import org.gradus.train.Listener;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategiesTest {
    private static final Split IRIS = iris();
    private static final Sequential MODEL =
            Sequential.of(Linear.of(8), Activation.TANH, Dropout.of(0.1), Linear.of(6), Activation.TANH, Linear.of(3));
    private static final Recipe RECIPE = Recipe.classifier(MODEL, Optimizer.of(0.02, Adam.of()), 16, 3);

    @TempDir
    private Path folder;

    static Stream<Strategy> all() {
        List<Part> parts =
                IntStream.range(0, 3).mapToObj(StrategiesTest::member).toList();
        Pretraining before = new Pretraining(Optimizer.of(0.01, Adam.of()), 16, 2, 0.2, null);
        List<Part> layers = new java.util.ArrayList<>(before.layerWise(MODEL, 4, IRIS.training()));
        layers.add(Part.of("fine-tuning", RECIPE.freezing("0.*"), 4, IRIS.training(), IRIS.validation()));
        Curriculum curriculum =
                Curriculum.of(difficulties(), Schedules.linear(0.3, 1, 0.5).byShare());
        return Stream.of(
                new Members(parts, Combination.AVERAGE, IRIS.validation(), Map.of()),
                new CrossValidation(parts, java.util.Collections.nCopies(3, IRIS.validation())),
                new Course(layers, IRIS.validation()),
                Course.continuation(
                        p -> RECIPE.with(Sequential.of(Linear.of(6), Dropout.of(p), Linear.of(3))),
                        0.5,
                        0,
                        3,
                        7,
                        IRIS.training(),
                        IRIS.validation()),
                new Course(
                        List.of(
                                before.autoencoder(MODEL, 4, IRIS.training()).getFirst(),
                                Part.of("training", RECIPE, 4, IRIS.training(), IRIS.validation())),
                        IRIS.validation()),
                new TaughtCurriculum(
                        Part.of("teacher", RECIPE.lasting(2), 3, IRIS.training(), IRIS.validation()),
                        Part.of("training", RECIPE, 3, IRIS.training(), IRIS.validation()),
                        Schedules.linear(0.3, 1, 0.5).byShare(),
                        IRIS.validation()),
                new Course(
                        List.of(Part.of("curriculum", RECIPE.sampling(curriculum), 1, IRIS.training(), null)), null));
    }

    /// Stopped again and again, a strategy ends where one that was never interrupted does.
    @ParameterizedTest
    @MethodSource("all")
    void interruptionsMakeNoDifference(Strategy strategy) {
        Result straight = strategy.train(Place.inMemory().on(1));
        Result result = Result.stopped();
        int rounds = 0;
        while (result.ending() == Ending.STOPPED) {
            assertThat(++rounds).isLessThan(60);
            Place[] place = new Place[1];
            AtomicInteger steps = new AtomicInteger();
            Listener stopper = event -> {
                if (event instanceof Event.StepDone && steps.incrementAndGet() == 7) {
                    place[0].stop();
                }
            };
            place[0] = Place.inMemory().in(folder).on(1 + rounds % 3).telling(part -> List.of(stopper));
            result = strategy.train(place[0]);
        }

        assertThat(rounds).isGreaterThan(2);
        assertThat(result.measured()).isEqualTo(straight.measured());
        assertThat(states(result)).isEqualTo(states(straight));
        assertThat(strategy.train(Place.inMemory().in(folder)).measured()).isEqualTo(straight.measured());
    }

    @Test
    void anEnsembleIsMeasuredSinglyAndTogether() {
        Members members = Members.of(RECIPE, 3, 5, Combination.VOTE, IRIS.training(), IRIS.validation());

        Result result = members.train(Place.inMemory());

        assertThat(result.measured()).containsOnlyKeys("member-1", "member-2", "member-3", "together");
        assertThat(result.measured().get("member-1"))
                .isNotEqualTo(result.measured().get("member-2"));
        Session session = new Session(0, Type.FLOAT32);
        Trainer joint = new Trainer(session, members.recipe());
        joint.restore(model(result), IRIS.training());
        assertThat(joint.evaluate(IRIS.validation()))
                .isEqualTo(result.measured().get("together"));
        assertThat(result.toString()).contains("member-1      loss ", "together      loss ");
    }

    @Test
    void foldsHaveAMeanAndADeviation() {
        Map<String, Map<String, Double>> table = new java.util.LinkedHashMap<>();
        table.put("fold-1", Map.of("accuracy", 0.8));
        table.put("fold-2", Map.of("accuracy", 0.9));
        table.put("fold-3", Map.of("accuracy", 1.0));

        Map<String, Map<String, Double>> summarised = Result.summarised(table);

        assertThat(summarised.get("mean").get("accuracy")).isCloseTo(0.9, within(1e-15));
        assertThat(summarised.get("deviation").get("accuracy")).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void aPartStartsFromTheOneBefore() {
        Part first = Part.of("first", RECIPE, 2, IRIS.training(), null);
        Part second = Part.of("second", RECIPE.with(Optimizer.of(0, Sgd.of())), 3, IRIS.training(), null);
        Result once = new Course(List.of(first), IRIS.test()).train(Place.inMemory());
        Result both = new Course(List.of(first, second), IRIS.test()).train(Place.inMemory());
        Result replaced = new Course(List.of(first, second.fresh("5.*")), IRIS.test()).train(Place.inMemory());

        assertThat(states(both)).isEqualTo(states(once));
        assertThat(both.measured().get("second")).isEqualTo(once.measured().get("first"));
        assertThat(states(replaced).get("3.weight")).isEqualTo(states(once).get("3.weight"));
        assertThat(states(replaced).get("5.weight")).isNotEqualTo(states(once).get("5.weight"));
    }

    @Test
    void aModelOfOtherPathsIsNoStart() {
        Part first = Part.of("first", RECIPE, 2, IRIS.training(), null);
        Part other = Part.of(
                "other", RECIPE.with((scope, x) -> scope.call("head", Linear.of(3), x)), 2, IRIS.training(), null);
        Part wider = Part.of("wider", RECIPE.with(Sequential.of(Linear.of(3))), 2, IRIS.training(), null);

        assertThatThrownBy(() -> new Course(List.of(first, other), null).train(Place.inMemory()))
                .hasMessageContaining("they have no state in common: 0.weight")
                .hasMessageContaining("and here head.weight, head.bias");
        assertThatThrownBy(() -> new Course(List.of(first, wider), null).train(Place.inMemory()))
                .hasMessageContaining("The state `0.weight` is float32[3, 4] in this model, but float32[8, 4]");
    }

    /// Layer by layer: each part leaves the layers below as they were, and reconstructs better than at first.
    @Test
    void layersArePreTrainedOneByOne() {
        Pretraining pretraining = new Pretraining(Optimizer.of(0.01, Adam.of()), 16, 20, 0, null);
        List<Part> parts = pretraining.layerWise(MODEL, 4, IRIS.training());
        List<Event> events = new java.util.ArrayList<>();
        Map<String, Map<String, List<Double>>> after = new TreeMap<>();
        Checkpoint before = null;
        Place place = Place.inMemory().telling(part -> List.of(events::add));
        for (Part part : parts) {
            Trained trained = place.train(part, before);
            before = trained.checkpoint();
            after.put(part.name(), states(before));
        }

        assertThat(parts).hasSize(2);
        assertThat(after.get("pretraining-2").get("0.weight"))
                .isEqualTo(after.get("pretraining-1").get("0.weight"));
        assertThat(after.get("pretraining-2").get("3.weight")).hasSize(48);
        List<Double> losses = events.stream()
                .filter(Event.EpochDone.class::isInstance)
                .map(event -> ((Event.EpochDone) event).metrics().getOrDefault("loss", 0.0))
                .toList();
        assertThat(losses.get(19)).isLessThan(losses.get(0) / 2);
        assertThat(losses.get(39)).isLessThan(losses.get(20) / 2);
    }

    @Test
    void anAutoencoderLearnsWithoutLabels() {
        Pretraining pretraining = new Pretraining(
                Optimizer.of(0.01, Adam.of()), 16, 30, 0, Sequential.of(Linear.of(8), Activation.TANH, Linear.of(4)));
        Part part = pretraining.autoencoder(MODEL, 4, IRIS.training()).getFirst();

        Trained trained = Place.inMemory().train(part, null);

        // Four measurements of deviation 1 through six numbers.
        assertThat(trained.trainer().evaluate(IRIS.validation()).get("loss")).isLessThan(0.3);
        assertThat(states(trained.checkpoint()))
                .containsKeys("0.weight", "3.weight", "decoder.0.weight")
                .doesNotContainKey("5.weight");
        assertThatThrownBy(() -> pretraining.autoencoder(Sequential.of(Linear.of(3)), 1, IRIS.training()))
                .hasMessageContaining("has 1 with weights");
    }

    @Test
    void aCurriculumDrawsFromTheEasiest() {
        Curriculum curriculum = Curriculum.of(new double[] {5, 1, 4, 2, 3, 0}, progress -> progress.share());
        int[] half = curriculum.order(6, 9, 17, new Progress(0, 1, 2, 0, 1));
        int[] all = curriculum.order(6, 9, 17, new Progress(0, 2, 2, 0, 1));

        assertThat(curriculum.ranking()).containsExactly(5, 1, 3, 4, 2, 0);
        assertThat(half).hasSize(6).containsOnly(5, 1, 3);
        assertThat(Arrays.stream(half).boxed()).filteredOn(i -> i == 5).hasSize(2);
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(curriculum.order(6, 9, 17, new Progress(0, 1, 2, 0, 1))).isEqualTo(half);
        assertThat(curriculum.order(6, 9, 18, new Progress(0, 1, 2, 0, 1))).isNotEqualTo(half);
        assertThat(curriculum.order(6, 9, 17, Progress.START)).containsOnly(5);
    }

    @Test
    void difficultyIsTheLossOfATeacher() {
        Trained teacher = Place.inMemory().train(Part.of("teacher", RECIPE, 2, IRIS.training(), null), null);

        double[] losses = Curriculum.losses(teacher.trainer(), IRIS.validation());

        assertThat(Arrays.stream(losses).average().orElseThrow())
                .isCloseTo(teacher.trainer().evaluate(IRIS.validation()).get("loss"), within(1e-6));
        assertThat(losses).hasSize(IRIS.validation().size());
    }

    @Test
    void aBootstrapIsDrawnWithReturn() {
        Subset sample = Subset.bootstrap(IRIS.training(), 3);
        long distinct = IntStream.range(0, sample.size())
                .mapToObj(i -> Arrays.toString(sample.batch(i).features().toDoubles()))
                .distinct()
                .count();

        assertThat(sample.size()).isEqualTo(IRIS.training().size());
        // 1 - 1/e of them, with a deviation of about 3 hundredths
        assertThat((double) distinct / sample.size()).isBetween(0.5, 0.76);
    }

    @Test
    void aLearningRateIsFoundBetweenTooSmallAndTooLarge() {
        Recipe plain = Recipe.classifier(MODEL, Optimizer.of(1, Sgd.of()), 16, 1);

        RateFinder found = RateFinder.search(new Session(1, Type.FLOAT32), plain, IRIS.training(), 1e-5, 100, 120);

        assertThat(found.suggestion()).isBetween(0.01, 3.0);
        assertThat(found.points().getFirst().rate()).isCloseTo(1e-5, within(1e-9));
        assertThat(found.toString()).contains("learning rate", "The loss falls fastest at a learning rate of");
        assertThatThrownBy(() -> RateFinder.search(new Session(1, Type.FLOAT32), plain, IRIS.training(), 1, 0.1, 20))
                .hasMessageContaining("1.0, 0.1 and 20");
        assertThatThrownBy(() -> RateFinder.search(new Session(1, Type.FLOAT32), plain, IRIS.training(), 1e6, 1e9, 20))
                .hasMessageContaining("did not fall");
        Recipe search = plain.searching(Lbfgs.of(1, 5, 5));
        assertThatThrownBy(() -> RateFinder.search(new Session(1, Type.FLOAT32), search, IRIS.training(), 1, 2, 20))
                .hasMessageContaining("L-BFGS finds the length of each step");
    }

    /// A search is of the training as it would be: what is frozen stays as it is.
    @Test
    void whatIsFrozenIsSoWhileALearningRateIsLookedFor() {
        Session session = new Session(1, Type.FLOAT32);
        Recipe frozen = RECIPE.freezing("0.*", "3.*");

        RateFinder.search(session, frozen, IRIS.training(), 1e-4, 1, 60);

        Session fresh = new Session(1, Type.FLOAT32);
        new Trainer(fresh, frozen).evaluate(IRIS.training());
        for (String path : List.of("0.weight", "3.bias")) {
            assertThat(session.state(path).toDoubles())
                    .isEqualTo(fresh.state(path).toDoubles());
        }
        assertThat(session.state("5.weight").toDoubles())
                .isNotEqualTo(fresh.state("5.weight").toDoubles());
    }

    /// With rates that are too small the loss is noise, and falls nowhere.
    @Test
    void noiseSuggestsNoLearningRate() {
        int size = 120;
        Philox random = Philox.of(5, Philox.stream("houses", 0), 0);
        Array features = Array.zeros(TensorType.of(Type.FLOAT32, size, 3));
        Array labels = Array.zeros(TensorType.of(Type.FLOAT32, size, 1));
        for (int i = 0; i < size; i++) {
            double label = 0.3 * random.normal(Type.FLOAT32, 4L * i + 3);
            for (int k = 0; k < 3; k++) {
                double number = random.normal(Type.FLOAT32, 4L * i + k);
                features.set(3 * i + k, number);
                label += 0.5 * number;
            }
            labels.set(i, label);
        }
        Examples examples = new Examples(features, labels, List.of());
        Recipe recipe = new Recipe(Mlp.of(32, 1), new MseLoss(), Map.of(), Optimizer.of(1, Adam.of()), 32, 1);
        for (int seed = 0; seed < 10; seed++) {
            RateFinder found = RateFinder.search(new Session(seed, Type.FLOAT32), recipe, examples, 1e-6, 10, 100);
            assertThat(found.suggestion()).as("seed %d", seed).isBetween(3e-4, 0.1);
        }
    }

    @Test
    void whatFailsInAPartIsThrown() {
        Recipe wild = RECIPE.with(Sequential.of(Linear.of(3))).with(Optimizer.of(3e38, Sgd.of()));
        Members members = new Members(
                List.of(member(0), Part.of("wild", wild, 1, IRIS.training(), null)),
                Combination.AVERAGE,
                null,
                Map.of());

        assertThatThrownBy(() -> members.train(Place.inMemory())).hasMessageContaining("The loss became");
    }

    @Test
    void aFolderHoldsThePartsAsRuns() {
        Members.of(RECIPE, 2, 5, Combination.AVERAGE, IRIS.training(), IRIS.validation())
                .train(Place.inMemory().in(folder));

        assertThat(folder.resolve("member-1/metrics.csv")).content().hasLineCount(4);
        assertThat(Files.isDirectory(folder.resolve("member-2/checkpoints"))).isTrue();
    }

    private static Part member(int i) {
        return Part.of("part-" + i, RECIPE, 10 + i, Subset.bootstrap(IRIS.training(), i), IRIS.validation());
    }

    private static double[] difficulties() {
        return IntStream.range(0, IRIS.training().size())
                .mapToDouble(i -> Math.sin(i))
                .toArray();
    }

    private static Split iris() {
        Examples all = Datasets.iris();
        Split split = Split.stratified(all, 0);
        return split.with(Scaling.standardizing(split.training()));
    }

    private static Checkpoint model(Result result) {
        return java.util.Objects.requireNonNull(result.model());
    }

    private static Map<String, List<Double>> states(Result result) {
        return result.model() == null ? Map.of() : states(model(result));
    }

    private static Map<String, List<Double>> states(Checkpoint checkpoint) {
        Map<String, List<Double>> states = new TreeMap<>();
        checkpoint.bestModel().forEach((path, value) -> states.put(path, numbers(value)));
        return states;
    }

    private static List<Double> numbers(Array array) {
        return Arrays.stream(array.toDoubles()).boxed().toList();
    }
}
