package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.gradus.base.Array;
import org.gradus.data.Batch;
import org.gradus.data.Examples;
import org.gradus.data.Order;
import org.gradus.metrics.ClassificationReport;
import org.gradus.metrics.MultiLabelReport;
import org.gradus.metrics.RegressionReport;
import org.gradus.metrics.Report;
import org.gradus.train.EarlyStopping;
import org.gradus.train.Event;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights of rows, and what is measured after each epoch.
class WeightsAndMetricsTest {
    @TempDir
    private Path folder;

    /// Rows of three classes, of which every fourth one lies and has the weight 0, with two labels that are there or not.
    @BeforeEach
    void rows() throws IOException {
        StringBuilder rows = new StringBuilder("x,y,size,warm,wet,w,label\n");
        Random random = new Random(8);
        for (int i = 0; i < 160; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            int kind = (int) (3 * x);
            boolean lie = i % 4 == 3;
            rows.append(x + "," + y + "," + (lie ? 99 : 10 * x + y) + "," + (x > 0.5 ? 1 : 0) + "," + (y > 0.5 ? 1 : 0)
                    + "," + (lie ? 0 : 1 + i % 3) + "," + "abc".charAt(lie ? 2 - kind : kind) + "\n");
        }
        Files.writeString(folder.resolve("rows.csv"), rows);
    }

    private Experiment experiment(String data, String rest) {
        return Configuration.parse("t.toml", """
                [data]
                path = '%s'
                columns = ['x', 'y']
                %s
                [optimizer]
                lr = 0.02
                %s
                """.formatted(folder.resolve("rows.csv"), data, rest))
                .experiment();
    }

    @Test
    void theLossIsTheWeightedMean() {
        Experiment experiment = experiment("weights = 'w'", "[training]\nepochs = 1\nbatch = 16");
        Trainer trainer = experiment.trainer();
        trainer.fit(experiment.training(), experiment.validation());
        Examples test = experiment.split().test();
        double[] weights = test.weights();
        double sum = 0;
        double counted = 0;
        for (int i = 0; i < test.size(); i++) {
            sum += weights[i] * trainer.evaluate(test.unweighted().part(i)).getOrDefault("loss", Double.NaN);
            counted += weights[i];
        }
        assertThat(weights).contains(0).contains(3);
        assertThat(trainer.evaluate(test).get("loss")).isCloseTo(sum / counted, within(1e-5));
    }

    /// Another text in the rows that do not count is no other training.
    @Test
    void rowsOfTheWeight0TeachNothing() throws IOException {
        String training = "[training]\nepochs = 3\nbatch = 16\nthreads = 1\n";
        Map<String, Double> first = trained("label = 'size'\nweights = 'w'", training);
        String text = Files.readString(folder.resolve("rows.csv"));
        Files.writeString(folder.resolve("rows.csv"), text.replace(",99,", ",-77,"));
        assertThat(trained("label = 'size'\nweights = 'w'", training)).isEqualTo(first);
        assertThat(trained("label = 'size'", training)).isNotEqualTo(first);
    }

    private Map<String, Double> trained(String data, String training) {
        Experiment experiment = experiment(data + "\nstandardize = false", training);
        Trainer trainer = experiment.trainer();
        trainer.fit(experiment.training());
        Map<String, Double> means =
                new TreeMap<>(trainer.evaluate(experiment.split().test()));
        means.remove("mae"); // which knows no weights
        return means;
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() {
        List<Array> states = new ArrayList<>();
        for (String threads : List.of("1", "3")) {
            Experiment experiment = experiment(
                    "weights = 'w'\nthreads = " + threads,
                    "[loss]\nclass_weights = 'balanced'\n[training]\nepochs = 2\nthreads = " + threads);
            Trainer trainer = experiment.trainer();
            trainer.fit(experiment.training(), experiment.validation());
            states.add(trainer.checkpoint().model().get("0.weight"));
        }
        assertThat(states.getFirst().toDoubles()).isEqualTo(states.getLast().toDoubles());
    }

    @Test
    void rowsAreDrawnInProportionToTheirWeights() {
        Experiment experiment = experiment("weights = 'w'\nsampling = 'weighted'", "[loss]\ntype = 'cross_entropy'");
        Examples training = experiment.split().training();
        Batch drawn = experiment.training().pass(1, 2).batch(Order.sequential(training.size()));
        assertThat(drawn.weights()).isNull();
        int truths = 0;
        for (int i = 0; i < drawn.size(); i++) {
            double x = drawn.features().get(2 * i);
            for (int k = 0; k < training.size(); k++) {
                if (training.batch(k).features().get(0) == x) {
                    assertThat(training.weights()[k]).isPositive();
                    truths++;
                }
            }
        }
        assertThat(truths).isEqualTo(training.size());
        assertThat(experiment.split().validation().batch(0).weights()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "sampling = 'weighted' |  | line 4: `sampling` in [data] takes `shuffled` or `balanced` where no column of `weights`",
                "weights = 'ww' |  | rows.csv` has no column `ww`; did you mean `w`?",
                "weights = 'w' | [loss];type = 'triplet_margin' | line 4: `weights` in [data] takes no column where the loss is one",
                " | [training];metrics = 'rmse' | line 8: `metrics` in [training] knows no `rmse`. There are accuracy, auc, balanced",
                " | [training];metrics = ['f1', 'top_3'] | line 8: `metrics` in [training] knows no `top_3`; did you mean `top_2`?",
                " | [training];watch = 'val_f1' | line 8: `watch` in [training] knows no `val_f1`; did you mean `val_loss`? There are val_loss, val_accuracy",
                " | [schedule];type = 'plateau';metric = 'val_f1' | line 9: `metric` in [schedule] knows no `val_f1`; did you mean `val_loss`?"
            })
    void whatIsWrongIsToldWithItsLine(String data, String rest, String message) {
        assertThatThrownBy(() -> experiment(data == null ? "" : data, rest == null ? "" : rest.replace(';', '\n')))
                .hasMessageContaining(message);
    }

    @Test
    void metricsAreThoseOfTheReport() throws IOException {
        Measured classes = measured("", "'f1', 'auc', 'top_2', 'balanced_accuracy', 'log_loss', 'accuracy'");
        ClassificationReport report = (ClassificationReport) classes.report();
        assertThat(classes.means())
                .containsOnlyKeys("loss", "accuracy", "auc", "balanced_accuracy", "f1", "log_loss", "top_2");
        assertThat(classes.means().get("f1")).isEqualTo(report.macro().f1());
        assertThat(classes.means().get("auc")).isEqualTo(report.macro().rocAuc());
        assertThat(classes.means().get("balanced_accuracy"))
                .isEqualTo(report.macro().recall());
        assertThat(classes.means().get("top_2")).isEqualTo(report.topK());
        assertThat(classes.means().get("log_loss")).isEqualTo(report.logLoss());

        Measured numbers = measured("label = 'size'", "'rmse', 'r2', 'max_error'");
        RegressionReport errors = (RegressionReport) numbers.report();
        assertThat(numbers.means().get("rmse")).isEqualTo(errors.rmse());
        assertThat(numbers.means().get("r2")).isEqualTo(errors.r2());
        assertThat(numbers.means().get("max_error")).isEqualTo(errors.largest());

        Measured labels = measured("label = ['warm', 'wet']\n[loss]\ntype = 'hinge'", "'exact', 'f1', 'auc'");
        MultiLabelReport choices = (MultiLabelReport) labels.report();
        assertThat(labels.means().get("exact")).isEqualTo(choices.exact());
        assertThat(labels.means().get("f1")).isEqualTo(choices.macro().f1());
    }

    private record Measured(Map<String, Double> means, Report report) {}

    private Measured measured(String data, String metrics) throws IOException {
        Experiment experiment = experiment(data, "[training]\nepochs = 2\nmetrics = [" + metrics + "]");
        Trainer trainer = experiment.trainer();
        RunFolder run = RunFolder.create(folder, "run");
        trainer.keep(run.checkpoints().with(experiment.notes()));
        trainer.fit(experiment.training(), experiment.validation());
        TrainedModel model = TrainedModel.read(run.path());
        Examples test = experiment.split().test();
        assertThat(model.evaluate(test)).isEqualTo(trainer.evaluate(test));
        return new Measured(model.evaluate(test), model.report(test));
    }

    @Test
    void theBestEpochMayBeThatOfAnyMetric() {
        String watching = "[training]\nepochs = 6\nmetrics = ['f1']\nwatch = 'val_f1'\npatience = 6\nseed = 4\n";
        Experiment experiment = experiment("", watching);
        assertThat(experiment.recipe().earlyStopping())
                .isEqualTo(new EarlyStopping("val_f1", EarlyStopping.Goal.MAX, 6, 0));
        assertThat(Configuration.parse("again", experiment.toml()).experiment().toml())
                .isEqualTo(experiment.toml());
        List<Double> scores = new ArrayList<>();
        Trainer trainer = experiment.trainer(event -> {
            if (event instanceof Event.EpochDone done) {
                scores.add(done.metrics().getOrDefault("val_f1", Double.NaN));
            }
        });
        trainer.fit(experiment.training(), experiment.validation());

        double best = scores.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        assertThat(scores).hasSize(6);
        assertThat(trainer.checkpoint().facts().best().value()).isEqualTo(best);
        assertThat(trainer.evaluate(experiment.split().validation()).get("f1")).isEqualTo(best);
    }

    @Test
    void whetherMoreIsBetterFollowsFromTheMetric() {
        for (String watch : List.of("val_loss", "val_accuracy", "loss", "accuracy", "val_brier")) {
            Experiment experiment =
                    experiment("", "[training]\nmetrics = ['brier']\npatience = 1\nwatch = '" + watch + "'");
            assertThat(experiment.recipe().earlyStopping().goal())
                    .isEqualTo(watch.endsWith("accuracy") ? EarlyStopping.Goal.MAX : EarlyStopping.Goal.MIN);
        }
    }
}
