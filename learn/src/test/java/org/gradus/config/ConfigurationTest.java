package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.eager.Eager.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.data.Form;
import org.gradus.graph.Tensor;
import org.gradus.nn.Linear;
import org.gradus.nn.Mlp;
import org.gradus.nn.Sequential;
import org.gradus.optim.Progress;
import org.gradus.optim.Schedule;
import org.gradus.train.Checkpoint;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final Task LINE = new Task(new Form.Row(List.of("x")), List.of(), null);

    @TempDir
    private Path folder;

    @Test
    void theCompleteConfigurationSaysTheSame() {
        Configuration said = Configuration.parse("t.toml", """
                [optimizer]
                type = 'sgd'
                momentum = 0.9
                lr = 0.05
                [[model.layer]]
                type = 'flatten'
                [[model.layer]]
                type = 'linear'
                out = 'classes'
                [training]
                patience = 3
                """);
        Experiment experiment = said.experiment();
        Experiment again = Configuration.parse("again", experiment.toml()).experiment();

        assertThat(again.toml())
                .isEqualTo(experiment.toml())
                .contains("momentum = 0.9", "out = \"classes\"", "type = \"cosine\"", "patience = 3", "epochs = 20");
        assertThat(again.recipe().optimizer().rule())
                .isEqualTo(experiment.recipe().optimizer().rule());
        assertThat(again.recipe().model()).isEqualTo(experiment.recipe().model());
    }

    @Test
    void aRunThatBeganPreciseGoesOnPrecise() {
        Experiment experiment =
                Configuration.parse("t.toml", "[training]\nprecise = true").experiment();
        Object noted = Objects.requireNonNull(experiment.notes().get("configuration"));

        assertThat(experiment.session().isPrecise()).isTrue();
        assertThat(Configuration.of(noted).experiment().session().isPrecise()).isTrue();
        assertThat(Configuration.of(noted).precise()).isTrue();
        assertThat(Configuration.standard().experiment().session().isPrecise()).isFalse();
    }

    @Test
    void optionsGoBeforeTheFileAndErrorsNameThem() {
        Configuration file = Configuration.parse("t.toml", "[training]\nepochs = 0\nbatch = 5");

        assertThat(file.with("training.epochs", 3).recipe(LINE))
                .extracting(Recipe::epochs, Recipe::batch)
                .containsExactly(3, 5);
        assertThatThrownBy(() -> file.recipe(LINE))
                .hasMessage(
                        "`t.toml`, line 2: `epochs` in [training] takes a whole number of 1 or more, but was given 0.");
        assertThatThrownBy(() -> file.with("training.epochs", -1, "--epochs").recipe(LINE))
                .hasMessage("The option --epochs takes a whole number of 1 or more, but was given -1.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [trainig] | `t.toml`, line 1: the file has no key `trainig`; did you mean `training`?
            training = 3 | `t.toml`, line 1: `training` takes a table, but was given 3.
            [training];epoch = 3 | `t.toml`, line 2: [training] has no key `epoch`; did you mean `epochs`?
            [optimizer];lr = 'high' | `t.toml`, line 2: `lr` in [optimizer] takes a number, but was given high.
            [optimizer];lr = 0 | `t.toml`, line 2: `lr` in [optimizer] takes a number greater than 0, but was given 0.
            [optimizer];type = 'sgdd' | `t.toml`, line 2: `type` in [optimizer] knows no `sgdd`; did you mean `sgd`?
            [optimizer];type = 'sgd';momentum = 9 | `t.toml`, line 1: A momentum is from 0 to 1, but was given 9.0.
            [optimizer];weight_decay = -1 | `t.toml`, line 2: `weight_decay` in [optimizer] takes a number from 0 up, but was given -1.
            [loss];type = 'cross_entropy' | `t.toml`, line 2: `type` in [loss] takes a loss of numbers, as labels are (bce, bce_with_logits, gaussian_nll, hinge, huber
            [loss];type = 'huber';delta = 0 | `t.toml`, line 1:
            [schedule];type = 'cosin' | `t.toml`, line 2: `type` in [schedule] knows no `cosin`; did you mean `cosine`?
            [schedule];warmup = 20 | `t.toml`, line 2: `warmup` in [schedule] takes epochs from 0 to below 20, but was given 20.
            [schedule];type = 'step';every = 0 | `t.toml`, line 1:
            [schedule];type = 'one_cycle';warmup = 1 | `t.toml`, line 3: [schedule] has no key `warmup`
            """)
    void whatIsWrongIsToldWithItsLine(String text, String message) {
        assertThatThrownBy(() ->
                        Configuration.parse("t.toml", text.replace(';', '\n')).recipe(LINE))
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            type = 'constant' | 1, 1, 1, 1
            type = 'cosine' | 1, 0.85355339, 0.5, 0.14644661
            type = 'cosine';end = 0.5 | 1, 0.92677670, 0.75, 0.57322330
            type = 'linear';end = 0.2 | 1, 0.8, 0.6, 0.4
            type = 'linear';warmup = 2 | 0.01, 0.505, 1, 0.5
            type = 'polynomial';power = 2 | 1, 0.5625, 0.25, 0.0625
            type = 'step';every = 2;factor = 0.5 | 1, 1, 0.5, 0.5
            type = 'exponential';factor = 0.5 | 1, 0.5, 0.25, 0.125
            type = 'exponential';rate = 0.5 | 1, 0.6065306597, 0.3678794412, 0.2231301601
            type = 'inverse';power = 2 | 1, 0.25, 0.1111111111, 0.0625
            type = 'milestones';at = [1, 3] | 1, 0.1, 0.1, 0.01
            type = 'inverse' | 1, 0.5, 0.33333333, 0.25
            type = 'one_cycle';rise = 0.5 | 0.04, 0.52, 1, 0.500002
            """)
    void schedulesGoByEpochs(String text, String rates) {
        Schedule schedule = Configuration.parse(
                        "t", "[training]\nepochs = 4\n[optimizer]\nlr = 1\n[schedule]\n" + text.replace(';', '\n'))
                .recipe(LINE)
                .optimizer()
                .learningRate();
        String[] expected = rates.split(", ", -1);
        for (int epoch = 0; epoch < 4; epoch++) {
            assertThat(schedule.at(new Progress(epoch * 3L, epoch, 4, 0, 3)))
                    .as("epoch %d", epoch)
                    .isCloseTo(Double.parseDouble(expected[epoch]), within(1e-8));
        }
    }

    @Test
    void weightDecayLeavesBiasesAlone() {
        assertThat(rule("type = 'sgd'\nmomentum = 0.9\nweight_decay = 0.1"))
                .contains("DecayWeights[rate=0.1, decoupled=false, roles=[WEIGHT, EMBEDDING]]", "momentum=0.9")
                .contains("weightDecay=0.0");
        assertThat(rule("type = 'adamw'"))
                .contains("Adam[", "DecayWeights[rate=0.01, decoupled=true, roles=[WEIGHT, EMBEDDING]]");
        assertThat(rule("type = 'adam'\nclip_norm = 1"))
                .contains("ClipByGlobalNorm", "Adam[")
                .doesNotContain("Decay");
    }

    @Test
    void aModelIsFoundAgainWithItsUnits() throws IOException {
        StringBuilder rows = new StringBuilder("x,y\n");
        for (int i = 0; i < 60; i++) {
            rows.append(i).append(',').append(1000 + 50 * i).append('\n');
        }
        Path csv = Files.writeString(folder.resolve("line.csv"), rows);
        Experiment experiment = Configuration.standard()
                .with("data.path", csv.toString())
                .with("data.target", "numbers")
                .with("training.epochs", 60)
                .with("optimizer.lr", 0.03)
                .experiment();
        Trainer trainer = experiment.trainer();
        RunFolder run = RunFolder.create(folder, "line");
        trainer.keep(run.checkpoints().with(experiment.notes()));
        trainer.fit(experiment.split().training(), experiment.split().validation());

        TrainedModel model = TrainedModel.read(run.path());
        Checkpoint checkpoint = run.checkpoints().last();
        Experiment again = Experiment.again(Experiment.configuration(checkpoint), checkpoint);

        assertThat(experiment.recipe().model()).isInstanceOf(Mlp.class);
        assertThat(again.toml()).isEqualTo(experiment.toml());
        Map<String, Double> means = trainer.evaluate(experiment.split().test());
        assertThat(model.evaluate(again.split().test())).isEqualTo(means);
        assertThat(means.get("mae")).isLessThan(100); // of numbers that span 3000
        Array said = model.predict(Array.of(Shape.of(2, 1), 10f, 50f));
        assertThat(said.get(0)).isCloseTo(1500, within(250.0));
        assertThat(said.get(1)).isCloseTo(3500, within(250.0));
        assertThat(model.predict(model.read(csv.toString())).shape()).isEqualTo(Shape.of(60, 1));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 3"})
    void classesAreToldApartOneAgainstTheRest(int classes, int outputs) {
        List<String> names = List.of("a", "b", "c").subList(0, classes);
        Task task = new Task(new Form.Row(List.of("x")), names, null);
        Recipe recipe = Configuration.parse("t", """
                [[model.layer]]
                type = 'linear'
                out = 'classes'
                [loss]
                type = 'bce_with_logits'
                positive_weights = 3
                """).recipe(task);
        Tensor logits = tensor(-0.3, 0.2, 1.5, 0.1, -2.0, 0.7).reshape(6 / outputs, outputs);
        long[] labels = new long[6 / outputs];
        labels[1] = 1;
        double expected = 0;
        for (int i = 0; i < 6; i++) {
            double x = logits.array().get(i);
            double y = outputs == 1 ? labels[i] : labels[i / 3] == i % 3 ? 1 : 0;
            expected += (1 - y) * Math.log1p(Math.exp(x)) + 3 * y * Math.log1p(Math.exp(-x));
        }
        Tensor numbers = tensor(Array.of(Shape.of(labels.length), labels));

        assertThat(recipe.model()).isEqualTo(Sequential.of(Linear.of(outputs)));
        assertThat(recipe.loss().of(logits, numbers).item()).isCloseTo(expected / 6, within(1e-12));
        double right = outputs == 1 ? 3 / 6.0 : 0; // of -0.3, 0.2 and -2
        assertThat(recipe.metrics().get("accuracy").of(logits, numbers).item()).isCloseTo(right, within(1e-12));
        Tensor answers = Objective.of(recipe.loss()).answers(logits);
        assertThat(answers.shape()).isEqualTo(Shape.of(6 / outputs, classes));
        double first = 1 / (1 + Math.exp(outputs == 1 ? -0.3 : 0.3));
        assertThat(answers.array().get(0)).isCloseTo(first, within(1e-12));
    }

    @Test
    void weightsOfClassesAreAsManyAsOutputs() {
        Task task = new Task(new Form.Row(List.of("x")), List.of("a", "b", "c"), null);

        assertThatThrownBy(() -> Configuration.parse(
                                "t.toml", "[loss]\ntype = 'bce_with_logits'\npositive_weights = [1, 2]")
                        .recipe(task))
                .hasMessage(
                        "`t.toml`, line 3: `positive_weights` in [loss] takes 1 or 3 numbers, one for each output of"
                                + " the model, but was given 2 numbers.");
    }

    private static String rule(String optimizer) {
        return Configuration.parse("t", "[optimizer]\n" + optimizer)
                .recipe(LINE)
                .optimizer()
                .rule()
                .toString();
    }
}
