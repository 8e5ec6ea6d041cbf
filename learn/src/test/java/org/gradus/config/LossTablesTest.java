package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.eager.Eager.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.data.Form;
import org.gradus.graph.Tensor;
import org.gradus.metrics.ClassificationReport;
import org.gradus.metrics.MultiLabelReport;
import org.gradus.metrics.RankingReport;
import org.gradus.metrics.RegressionReport;
import org.gradus.metrics.Report;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.NllLoss;
import org.gradus.strategies.Ensemble;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table `[loss]`: which labels each loss is given, and what its model's outputs mean.
class LossTablesTest {
    private static final List<String> THREE = List.of("a", "b", "c");

    @TempDir
    private Path folder;

    /// An experiment, what its model says of all rows once it is trained, and the report on the test part.
    private record Learnt(Experiment experiment, TrainedModel model, Array said, Report report) {}

    @ParameterizedTest
    @CsvSource({
        "2, bce",
        "2, bce_with_logits",
        "2, cross_entropy",
        "2, hinge",
        "2, huber",
        "2, kl_div",
        "2, l1",
        "2, mse",
        "2, multi_label_margin",
        "2, multi_label_soft_margin",
        "2, multi_margin",
        "2, nll",
        "2, smooth_l1",
        "2, soft_margin",
        "3, bce",
        "3, bce_with_logits",
        "3, cross_entropy",
        "3, hinge",
        "3, huber",
        "3, kl_div",
        "3, l1",
        "3, mse",
        "3, multi_label_margin",
        "3, multi_label_soft_margin",
        "3, multi_margin",
        "3, nll",
        "3, smooth_l1",
        "3, soft_margin"
    })
    void eachLossOfClassesLearnsThem(int classes, String type) throws IOException {
        String last = switch (type) {
            case "bce" -> ", 'sigmoid'";
            case "kl_div", "nll" -> ", 'log_softmax'";
            default -> "";
        };
        Learnt learnt = learn(rows(classes, 120), "label", """
                [model]
                layer = [{ type = 'linear', out = 16 }, 'relu', { type = 'linear', out = 'classes' }%s]
                [loss]
                type = '%s'
                """.formatted(last, type));

        for (int row = 0; row < 120; row++) {
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                double probability = learnt.said().get(row * classes + i);
                assertThat(probability).isBetween(0.0, 1.0);
                sum += probability;
            }
            boolean together = classes == 2 || !type.matches("bce.*|.*soft_margin|hinge");
            assertThat(sum).isCloseTo(1, within(together ? 1e-5 : classes - 1));
        }
        assertThat(((ClassificationReport) learnt.report()).accuracy()).isGreaterThan(0.9);
        Trainer trainer = learnt.experiment().trainer();
        assertThat(trainer.evaluate(learnt.experiment().split().test())).containsKey("accuracy");
    }

    @ParameterizedTest
    @CsvSource({"cosine_embedding, 0.5", "hinge_embedding, 1", "triplet_margin, 1"})
    void embeddingsBringExamplesOfAClassTogether(String type, double margin) throws IOException {
        Learnt learnt = learn(rows(3, 150), "label", """
                [model]
                name = 'mlp'
                hidden = [16]
                [loss]
                type = '%s'
                margin = %s
                embedding = 4
                """.formatted(type, margin));

        assertThat(learnt.said().shape()).isEqualTo(Shape.of(150, 4));
        assertThat(learnt.model().columns())
                .containsExactly("embedding 1", "embedding 2", "embedding 3", "embedding 4");
        assertThat(((ClassificationReport) learnt.report()).accuracy()).isGreaterThan(0.9);
    }

    /// Counts with the mean e^(1 + x).
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {"~~ | ~~", "log_output = false | , 'softplus'"})
    void countsStayAsTheyAreAndTheirMeansArePredicted(String key, String last) throws IOException {
        Random random = new Random(3);
        StringBuilder rows = new StringBuilder("x,calls\n");
        for (int i = 0; i < 300; i++) {
            double x = -1 + 2 * random.nextDouble();
            rows.append(x).append(',').append(poisson(random, Math.exp(1 + x))).append('\n');
        }
        Learnt learnt = learn(rows.toString(), "calls", """
                [model]
                layer = [{ type = 'linear', out = 8 }, 'tanh', { type = 'linear', out = 'classes' }%s]
                [loss]
                type = 'poisson_nll'
                %s
                """.formatted(last, key));

        Array raw = learnt.experiment().split().training().labels();
        for (int i = 0; i < raw.count(); i++) {
            assertThat(raw.get(i)).isEqualTo(Math.rint(raw.get(i))).isNotNegative();
        }
        for (double x : new double[] {-0.8, 0, 0.8}) {
            double said =
                    learnt.model().predict(Array.of(Shape.of(1, 1), (float) x)).get(0);
            assertThat(said).isCloseTo(Math.exp(1 + x), within(0.25 * Math.exp(1 + x)));
        }
        RegressionReport report = (RegressionReport) learnt.report();
        assertThat(Math.abs(report.bias())).isLessThan(0.6);
        assertThat(report.r2()).isPositive();
        assertThat(learnt.model().evaluate(learnt.experiment().split().test()).get("mae"))
                .isCloseTo(report.mae(), within(1e-4));
    }

    /// Numbers that are off by 0.1 where x is negative, and by 0.6 where it is positive; `other` is 10 times as large.
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void deviationsAreLearntWithTheNumbers(boolean several) throws IOException {
        Random random = new Random(9);
        StringBuilder rows = new StringBuilder(several ? "x,price,other\n" : "x,price\n");
        double[] xs = random.doubles(600, -1, 1).toArray();
        for (double x : xs) {
            double price = 5 + 2 * x + (x > 0 ? 0.6 : 0.1) * random.nextGaussian();
            rows.append(x + "," + price + (several ? "," + (-10 * price) : "") + "\n");
        }
        Learnt learnt = learn(rows.toString(), several ? "price', 'other" : "price", """
                [model]
                layer = [{ type = 'linear', out = 16 }, 'tanh', { type = 'linear', out = 'classes' }]
                [loss]
                type = 'gaussian_nll'
                """);

        assertThat(learnt.model().columns())
                .isEqualTo(
                        several
                                ? List.of("price", "other", "deviation of price", "deviation of other")
                                : List.of("prediction", "deviation"));
        int width = several ? 4 : 2;
        for (int label = 0; label < width / 2; label++) {
            double unit = label == 0 ? 1 : 10;
            double[] sums = new double[4];
            for (int i = 0; i < xs.length; i++) {
                double mean = learnt.said().get(i * width + label);
                assertThat(mean).isCloseTo((label == 0 ? 1 : -10) * (5 + 2 * xs[i]), within(0.35 * unit));
                int side = xs[i] < -0.3 ? 0 : xs[i] > 0.3 ? 2 : -1;
                if (side >= 0) {
                    sums[side] += learnt.said().get(i * width + width / 2 + label) / unit;
                    sums[side + 1]++;
                }
            }
            assertThat(sums[0] / sums[1]).isCloseTo(0.1, within(0.06));
            assertThat(sums[2] / sums[3]).isCloseTo(0.6, within(0.12));
        }
        assertThat(learnt.report()).isInstanceOf(RegressionReport.class);
        double mae = learnt.model().evaluate(learnt.experiment().split().test()).get("mae");
        assertThat(mae).isBetween(0.1, several ? 3.0 : 0.5);
    }

    private static int poisson(Random random, double mean) {
        int count = 0;
        for (double product = random.nextDouble(); product > Math.exp(-mean); product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @CsvSource({
        "bce, 0",
        "bce_with_logits, 0",
        "hinge, 0",
        "hinge, -1",
        "multi_label_margin, 0",
        "multi_label_soft_margin, 0",
        "soft_margin, -1"
    })
    void eachLossOfSeveralLabelsLearnsThem(String type, int no) throws IOException {
        StringBuilder rows = new StringBuilder("x,y,warm,cold\n");
        Random random = new Random(5);
        for (int i = 0; i < 120; i++) {
            double x = random.nextDouble();
            rows.append(x + "," + random.nextDouble() + "," + (x > 0.5 ? 1 : no) + "," + (x > 0.5 ? no : 1) + "\n");
        }
        Learnt learnt =
                learn(rows.toString(), "warm', 'cold", """
                [model]
                layer = [{ type = 'linear', out = 16 }, 'relu', { type = 'linear', out = 'classes' }%s]
                [loss]
                type = '%s'
                """.formatted(type.equals("bce") ? ", 'sigmoid'" : "", type));

        MultiLabelReport report = (MultiLabelReport) learnt.report();
        assertThat(report.accuracy()).isGreaterThan(0.9);
        assertThat(report.labels().getFirst().rocAuc()).isGreaterThan(0.95);
        assertThat(learnt.model().evaluate(learnt.experiment().split().test()).get("accuracy"))
                .isCloseTo(report.accuracy(), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void sharesAreLearntByTheirDivergence(boolean logs) throws IOException {
        StringBuilder rows = new StringBuilder("x,first,second,third\n");
        for (int i = 0; i < 120; i++) {
            double x = i % 40 / 40.0;
            double[] shares = {0.1 + 0.4 * x, 0.5 - 0.4 * x, 0.4};
            rows.append(x);
            for (double share : shares) {
                rows.append(',').append(logs ? Math.log(share) : share);
            }
            rows.append('\n');
        }
        Learnt learnt = learn(rows.toString(), "first', 'second', 'third", """
                [model]
                layer = [{ type = 'linear', out = 'classes' }, 'log_softmax']
                [loss]
                type = 'kl_div'
                reduction = 'batchmean'
                log_labels = %s
                """.formatted(logs));

        Array said = learnt.model().predict(Array.of(Shape.of(1, 1), 0.5f));
        double[] wanted = {0.3, 0.3, 0.4};
        for (int i = 0; i < 3; i++) {
            double share = logs ? Math.exp(said.get(i)) : said.get(i);
            assertThat(share).isCloseTo(wanted[i], within(0.03));
        }
        assertThat(learnt.report()).isInstanceOf(RegressionReport.class);
    }

    @Test
    void scoresAreLearntThatBringExamplesIntoTheirOrder() throws IOException {
        StringBuilder rows = new StringBuilder("x,y,rank\n");
        Random random = new Random(7);
        for (int i = 0; i < 120; i++) {
            double x = random.nextDouble();
            rows.append(x + "," + random.nextDouble() + "," + Math.round(5 * x) + "\n");
        }
        Learnt learnt = learn(rows.toString(), "rank", "[loss]\ntype = 'margin_ranking'\nmargin = 0.1\n");

        RankingReport report = (RankingReport) learnt.report();
        assertThat(report.accuracy()).isGreaterThan(0.9);
        assertThat(report.spearman()).isGreaterThan(0.9);
        assertThat(learnt.experiment()
                        .trainer()
                        .evaluate(learnt.experiment().split().test()))
                .containsKey("accuracy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type = 'mse';class_weights = [1, 3, 2]",
                "type = 'l1';smoothing = 0.3",
                "type = 'hinge';ignored = 1",
                "type = 'multi_margin';class_weights = [1, 3, 2];reduction = 'sum'",
                "type = 'mse';reduction = 'batchmean'"
            })
    void reductionsWeightsAndSmoothingAreWhatTheFormulaSays(String keys) {
        Objective loss = objective(keys);
        Tensor output = tensor(Shape.of(3, 3), 0.2, -0.4, 1.1, 0.7, 0.1, -0.3, 2.0, -1.0, 0.5);
        Tensor labels = tensor(2L, 1, 0);
        boolean smooth = keys.contains("smoothing");
        double[] weights = keys.contains("class_weights") ? new double[] {1, 3, 2} : new double[] {1, 1, 1};
        if (keys.contains("ignored")) {
            weights[1] = 0;
        }
        DoubleBinaryOperator each = keys.contains("mse")
                ? (x, y) -> (x - y) * (x - y)
                : keys.contains("l1") ? (x, y) -> Math.abs(x - y) : (x, y) -> Math.max(0, 1 - (2 * y - 1) * x);
        double sum = 0;
        double counted = 0;
        for (int i = 0; i < 3; i++) {
            int right = (int) labels.array().getLong(i);
            for (int k = 0; k < 3; k++) {
                double x = output.array().get(3 * i + k);
                double hot = k == right ? 1 : 0;
                double one = keys.contains("multi_margin")
                        ? k == right ? 0 : Math.max(0, 1 - output.array().get(3 * i + right) + x)
                        : each.applyAsDouble(x, smooth ? hot * 0.7 + 0.1 : hot);
                sum += weights[right] * one;
            }
            counted += weights[right];
        }
        double expected = keys.contains("'sum'") ? sum / 3 : keys.contains("batchmean") ? sum / 3 : sum / counted / 3;
        assertThat(loss.of(output, labels).item()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void weightsOfExamplesMultiplyWhatTheyAddToTheLoss() {
        Tensor output = tensor(Shape.of(3, 3), 0.2, -0.4, 1.1, 0.7, 0.1, -0.3, 2.0, -1.0, 0.5);
        Tensor labels = tensor(2L, 1, 0);
        Tensor ones = tensor(1.0, 1, 1);
        for (String keys : List.of(
                "type = 'cross_entropy'",
                "type = 'cross_entropy';class_weights = [1, 3, 2];smoothing = 0.1",
                "type = 'nll';ignored = 1",
                "type = 'mse';class_weights = [1, 3, 2]",
                "type = 'hinge';reduction = 'sum'")) {
            Objective loss = objective(keys);
            assertThat(loss.of(output, labels, ones).item())
                    .as(keys)
                    .isCloseTo(loss.of(output, labels).item(), within(1e-12));
            double doubled = loss.of(output, labels, tensor(2.0, 2, 2)).item();
            assertThat(doubled).as(keys).isCloseTo(2 * loss.of(output, labels).item(), within(1e-12));
        }
        Objective plain = objective("type = 'cross_entropy'");
        double first = CrossEntropyLoss.of().each(output, labels).array().get(0);
        assertThat(plain.of(output, labels, tensor(3.0, 0, 0)).item()).isCloseTo(first, within(1e-12));
    }

    @Test
    void sharesNearestToNumbersAreProbabilities() {
        Tensor kept = tensor(Shape.of(2, 3), 0.2, 0.5, 0.3, 0.0, 1.0, 0.0);
        assertThat(Sense.nearestShares(kept).array().toDoubles())
                .containsExactly(kept.array().toDoubles(), within(1e-15));
        // The nearest point of the triangle, found by trying many.
        double[] x = {0.9, 0.6, -0.4};
        double[] near = Sense.nearestShares(tensor(Shape.of(1, 3), x)).array().toDoubles();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= 1000; i++) {
            for (int k = 0; k <= 1000 - i; k++) {
                double distance = Math.pow(x[0] - i / 1000.0, 2)
                        + Math.pow(x[1] - k / 1000.0, 2)
                        + Math.pow(x[2] - (1000 - i - k) / 1000.0, 2);
                best = Math.min(best, distance);
            }
        }
        double found = 0;
        for (int i = 0; i < 3; i++) {
            found += (x[i] - near[i]) * (x[i] - near[i]);
        }
        assertThat(found).isCloseTo(best, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            type = 'poisson_nll' | line 2: `type` in [loss] takes a loss of classes, as labels are (bce, bce_with_logits, cosine_embedding, cross_entropy, hinge
            type = 'hinge';reduction = 'max' | line 3: `reduction` in [loss] knows no `max`. There are mean, sum, batchmean.
            type = 'mse';class_weights = [1, 2] | line 3: `class_weights` in [loss] takes 3 numbers, one for each output of the model, but was given 2 numbers.
            type = 'mse';smoothing = 2 | line 3: `smoothing` in [loss] takes a share from 0 to 1, but was given 2.
            type = 'hinge';smoothing = 0.1 | line 3: [loss] has no key `smoothing`.
            type = 'kl_div';log_labels = true | line 3: `log_labels` in [loss] takes `false` where labels are classes, but was given true.
            type = 'triplet_margin';embedding = 0 | line 3: `embedding` in [loss] takes a whole number of 1 or more, but was given 0.
            type = 'triplet_margin';reduction = 'sum' | line 3: [loss] has no key `reduction`.
            """)
    void whatIsWrongIsToldWithItsLine(String keys, String message) {
        assertThatThrownBy(() -> objective(keys)).hasMessageStartingWith("`t.toml`, " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'b' | poisson_nll | a loss that takes labels such as -1.5 in the column `b`, which for this one are 0 or more, but was given poisson_nll.
            'a' | bce_with_logits | a loss that takes labels such as 2.0 in the column `a`, which for this one are from 0 to 1, but
            'a', 'b' | hinge | a loss that takes labels such as 2.0 in the column `a`, which for this one are -1, 0 or 1, but was given hinge.
            'c', 'd' | kl_div | a loss that takes labels such as 0.5 in the column `d`, which for this one are probabilities, from 0 to 1 and together 1, but
            'c', 'd' | margin_ranking | takes a loss of several numbers where `label` names several
            'c', 'd' | multi_label_margin | a loss that takes labels such as 0.5 in the column `d`, which for this one are 0 or 1, but
            """)
    void labelsThatALossCannotTakeAreToldWithTheirColumn(String label, String type, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "x,a,b,c,d\n" + "1,2,-1.5,1,0.5\n".repeat(10));
        assertThatThrownBy(() -> Configuration.parse("t.toml", """
                        [data]
                        path = '%s'
                        label = [%s]
                        target = 'numbers'
                        [loss]
                        type = '%s'
                        """.formatted(file, label, type))
                        .experiment())
                .hasMessageStartingWith("`t.toml`, line 6: `type` in [loss] takes ")
                .hasMessageContaining(message);
    }

    /// The mean of logits, and not of their softmax: two classes have one together.
    @Test
    void membersOfAnEnsembleAnswerWithTheMeanOfWhatIsNoScoreOfAClass() {
        for (String type : List.of("bce_with_logits", "hinge", "mse", "cross_entropy")) {
            Recipe recipe = Configuration.parse("t", "[loss]\ntype = '" + type + "'\n[ensemble]\nmembers = 2")
                    .recipe(new Task(new Form.Row(List.of("x")), List.of("a", "b"), null));
            Ensemble ensemble = (Ensemble) recipe.model();
            assertThat(ensemble.combination())
                    .isEqualTo(type.equals("cross_entropy") ? Ensemble.Combination.AVERAGE : Ensemble.Combination.MEAN);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            [ensemble];combine = 'vote' | `combine` in [ensemble] takes `average` where outputs are no scores of classes, but was given vote.
            [curriculum];teacher_epochs = 2 | `teacher_epochs` in [curriculum] takes 0 where the loss is one over pairs, which tells of no example how hard it is, but was given 2.
            """)
    void whatGoesWithNoLossOverPairsIsRefused(String keys, String message) {
        assertThatThrownBy(() -> objective("type = 'triplet_margin';" + keys))
                .hasMessage("`t.toml`, line 4: " + message);
        assertThatThrownBy(() -> objective("reduction = 'sum';[optimizer];type = 'lbfgs'"))
                .hasMessageStartingWith("`t.toml`, line 2: `reduction` in [loss] takes `mean` or `batchmean` with the");
    }

    @Test
    void lossesOfClassesKeepTheirOwnKeys() {
        assertThat(objective("type = 'nll';ignored = 2").loss()).isEqualTo(new NllLoss(List.of(), 2));
        assertThat(objective("type = 'cross_entropy';ignored = 2;smoothing = 0.1")
                        .loss())
                .isEqualTo(new CrossEntropyLoss(List.of(), 2, 0.1));
    }

    private static Objective objective(String keys) {
        Task task = new Task(new Form.Row(List.of("x")), THREE, null);
        return Objective.of(Configuration.parse("t.toml", "[loss]\n" + keys.replace(';', '\n'))
                .recipe(task)
                .loss());
    }

    /// Points on a circle, whose class is where they are on it.
    private static String rows(int classes, int count) {
        StringBuilder rows = new StringBuilder("x,y,label\n");
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            double angle = 2 * Math.PI * (i % classes + 0.2 + 0.6 * random.nextDouble()) / classes;
            rows.append(Math.cos(angle) + "," + Math.sin(angle) + "," + THREE.get(i % classes) + "\n");
        }
        return rows.toString();
    }

    private Learnt learn(String rows, String label, String toml) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), rows);
        Experiment experiment =
                Configuration.parse("t.toml", """
                [data]
                path = '%s'
                label = ['%s']
                [optimizer]
                lr = 0.02
                [training]
                epochs = 40
                batch = 16
                threads = 1
                """.formatted(file, label) + toml).experiment();
        experiment.demandFits(experiment.session());
        RunFolder run = RunFolder.create(folder, "run");
        Trainer trainer = experiment.trainer();
        trainer.keep(run.checkpoints().with(experiment.notes()));
        trainer.fit(experiment.training(), experiment.validation());
        TrainedModel model = TrainedModel.read(run.path());
        return new Learnt(
                experiment,
                model,
                model.predict(model.read(file.toString())),
                model.report(experiment.split().test()));
    }
}
