package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.data.Dataset;
import org.gradus.nn.Dropout;
import org.gradus.nn.Sequential;
import org.gradus.strategies.Course;
import org.gradus.strategies.Ensemble;
import org.gradus.strategies.Members;
import org.gradus.strategies.Part;
import org.gradus.strategies.Place;
import org.gradus.strategies.Reconstruction;
import org.gradus.strategies.Strategy;
import org.gradus.strategies.TaughtCurriculum;
import org.gradus.train.Checkpoint;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StrategiesInTomlTest {
    @TempDir
    private Path folder;

    static Stream<String> documented() throws IOException {
        Path docs = Path.of("").toAbsolutePath().getParent().resolve("docs");
        String pages = Files.readString(docs.resolve("strategies.md")) + Files.readString(docs.resolve("training.md"));
        return Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL)
                .matcher(pages)
                .results()
                .map(found -> found.group(1));
    }

    @ParameterizedTest
    @MethodSource("documented")
    void whatThePagesShowCanBeSaid(String toml) {
        Experiment said =
                Configuration.parse("page", "model.name = 'mlp'\n" + toml).experiment();
        Experiment again = Configuration.parse("again", said.toml()).experiment();

        assertThat(again.toml()).isEqualTo(said.toml());
        assertThat(again.recipe().optimizer().rule())
                .isEqualTo(said.recipe().optimizer().rule());
    }

    /// Trained in a folder, written with its notes, read again: the ensemble is the model.
    @Test
    void anEnsembleIsUsedAsAModel() {
        Experiment experiment = experiment("""
            [ensemble]
            members = 3
            combine = "vote"
            bootstrap = true
            [[ensemble.model]]
            name = "mlp"
            [[ensemble.model]]
            name = "mlp"
            hidden = [16]
            """);
        Strategy.Result result = strategy(experiment).train(Place.inMemory());
        Checkpoint kept = Objects.requireNonNull(result.model()).with(experiment.notes());
        kept.write(folder.resolve("model"));

        TrainedModel model = TrainedModel.of(Checkpoint.read(folder.resolve("model")));

        assertThat(experiment.recipe().model())
                .isInstanceOfSatisfying(
                        Ensemble.class,
                        ensemble -> assertThat(ensemble.members()).hasSize(3));
        assertThat(model.evaluate(experiment.split().test()))
                .isEqualTo(result.measured().get("together"));
        assertThat(kept.model().keySet()).contains("members.1.0.weight", "members.2.2.bias");
        assertThat(strategy(experiment))
                .isInstanceOfSatisfying(
                        Members.class,
                        members -> assertThat(members.parts())
                                .extracting(Part::seed)
                                .containsExactly(0L, 1L, 2L));
    }

    /// Each fold is what the same configuration with its number makes, scaled by its own training part.
    @Test
    void foldsAreRunsOfTheirOwn() {
        Experiment all = experiment("[data]\nfolds = 3");
        Strategy.Result result = strategy(all).train(Place.inMemory().in(folder));
        Experiment second = experiment("[data]\nfolds = 3\nfold = 2");
        Trainer trainer = second.trainer();
        trainer.fit(second.training(), second.split().validation());

        assertThat(result.measured()).containsOnlyKeys("fold-1", "fold-2", "fold-3", "mean", "deviation");
        assertThat(result.measured().get("fold-2"))
                .isEqualTo(trainer.evaluate(second.split().test()));
        assertThat(TrainedModel.read(folder.resolve("fold-2"))
                        .evaluate(second.split().test()))
                .isEqualTo(result.measured().get("fold-2"));
        assertThat(second.strategy()).isNull();
    }

    @Test
    void partsOfAPreTrainingComeBeforeTheTraining() {
        Experiment experiment = experiment("[pretraining]\ntype = 'layerwise'\nlabels = 100\nepochs = 3");

        assertThat(strategy(experiment)).isInstanceOfSatisfying(Course.class, course -> {
            assertThat(course.parts()).extracting(Part::name).containsExactly("pretraining-1", "training");
            assertThat(course.parts().getFirst().recipe().model()).isInstanceOf(Reconstruction.class);
            assertThat(course.parts().getFirst().recipe().epochs()).isEqualTo(3);
            assertThat(course.parts().getLast().training().size()).isBetween(95, 105);
        });
    }

    @Test
    void aContinuationMovesANumberOfTheModel() {
        Experiment experiment = experiment("""
            [continuation]
            key = "model.layer.1.p"
            from = 0.9
            stages = 3
            [[model.layer]]
            type = "flatten"
            [[model.layer]]
            type = "dropout"
            p = 0.1
            [[model.layer]]
            type = "linear"
            out = "classes"
            """);

        assertThat(strategy(experiment))
                .isInstanceOfSatisfying(
                        Course.class,
                        course -> assertThat(course.parts())
                                .extracting(part -> ((Sequential) part.recipe().model())
                                        .layers()
                                        .get(1))
                                .containsExactly(Dropout.of(0.9), Dropout.of(0.5), Dropout.of(0.1)));
    }

    /// What a stage sees is augmented as its number says, too.
    @Test
    void aContinuationMovesANumberOfAnAugmentation() {
        Experiment experiment = experiment("""
            [continuation]
            key = "augment.step.0.sigma"
            from = 0.0
            stages = 3
            [augment]
            step = ["noise"]
            """);

        List<Dataset> seen = ((Course) strategy(experiment))
                .parts().stream().map(Part::training).toList();
        List<double[]> first = seen.stream()
                .map(data -> data.pass(1, 1).batch(0).features().toDoubles())
                .toList();
        double[] plain = seen.getFirst().batch(0).features().toDoubles();
        assertThat(first.get(0)).isEqualTo(plain);
        for (int i = 0; i < plain.length; i++) { // the same noise, half as much of it
            assertThat(first.get(1)[i] - plain[i]).isCloseTo((first.get(2)[i] - plain[i]) / 2, within(1e-6));
        }
        assertThat(first.get(2)).isNotEqualTo(plain);
    }

    @Test
    void aCurriculumHasATeacher() {
        assertThat(strategy(experiment("[curriculum]\nteacher_epochs = 2")))
                .isInstanceOfSatisfying(TaughtCurriculum.class, taught -> {
                    assertThat(taught.teacher().recipe().epochs()).isEqualTo(2);
                    assertThat(taught.pupil().recipe().epochs()).isEqualTo(1);
                });
        assertThat(experiment("").strategy()).isNull();
    }

    @Test
    void aTrainingStartsFromAnEarlierRun() {
        Experiment first = experiment("");
        Trainer trainer = first.trainer();
        trainer.keep(RunFolder.create(folder, "first").checkpoints().with(first.notes()));
        trainer.fit(first.split().training(), null);
        String start = "[start]\nrun = '" + folder.resolve("first") + "'\nfresh = ['2.*']\n";

        Trainer second = experiment(start).trainer();
        experiment(start).begin(second);
        Map<String, Double> begun = second.evaluate(first.split().test());
        Trainer same = experiment(start.replace("2.*", "9.*")).trainer();
        experiment(start.replace("2.*", "9.*")).begin(same);

        assertThat(same.evaluate(first.split().test()))
                .isEqualTo(trainer.evaluate(first.split().test()));
        assertThat(begun).isNotEqualTo(trainer.evaluate(first.split().test()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        [ensemble]; members = 2; [curriculum]; teacher_epochs = 1 | line 3: [ensemble] and [curriculum] are two ways to train
        [ensemble]; combine = 'mean'                       | line 2: `combine` in [ensemble] knows no `mean`
        [ensemble]; members = -1                           | line 2: `members` in [ensemble] takes a whole number of 0
        [pretraining]; type = 'layers'                     | line 2: `type` in [pretraining] knows no `layers`; did you mean `layerwise`
        [pretraining]; corruption = 1                      | line 2: `corruption` in [pretraining] takes a share from 0 to below 1
        [continuation]; key = 'loss.smothing'              | line 2: `key` in [continuation] takes the key of a number
        [continuation]; key = 'data.validation'            | line 2: `key` in [continuation] takes a number that a model learns by
        [continuation]; key = 'training.seed'              | line 2: `key` in [continuation] takes a number that a model learns by
        [continuation]; stages = 1                         | line 2: `stages` in [continuation] takes a whole number of 2
        [curriculum]; start = 0                            | line 2: `start` in [curriculum] takes a share above 0
        [start]; fresh = [1]                               | line 2: `fresh` in [start] takes texts in quotes
        """)
    void mistakesAreToldWithTheirLine(String toml, String message) {
        assertThatThrownBy(() -> experiment(toml.replace("; ", "\n"))).hasMessageContaining("`t.toml`, " + message);
    }

    private static Strategy strategy(Experiment experiment) {
        return Objects.requireNonNull(experiment.strategy());
    }

    private static Experiment experiment(String toml) {
        String model = toml.contains("model.layer") ? "" : "\n[model]\nname = 'mlp'";
        return Configuration.parse("t.toml", toml + model + "\n[training]\nepochs = 1")
                .experiment();
    }
}
