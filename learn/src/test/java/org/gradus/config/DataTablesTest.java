package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Order;
import org.gradus.data.Split;
import org.gradus.data.augment.Border;
import org.gradus.data.augment.Crop;
import org.gradus.data.augment.HorizontalFlip;
import org.gradus.data.augment.Mixup;
import org.gradus.data.augment.ResizedCrop;
import org.gradus.formats.Toml;
import org.gradus.metrics.RegressionReport;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Loss;
import org.gradus.nn.PerPosition;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables `[data]` and `[augment]`.
class DataTablesTest {
    @TempDir
    private Path folder;

    @Test
    void augmentationsAreReadWithTheirDefaults() {
        Experiment experiment = parse("""
                [augment]
                step = ["horizontal_flip", { type = "crop", padding = 1, border = "reflect" }, "mixup",
                  { type = "resized_crop", scale = [0.5, 1.0] }]
                """);

        assertThat(experiment.augmentations())
                .containsExactly(
                        new HorizontalFlip(0.5),
                        new Crop(1, Border.REFLECT),
                        new Mixup(1),
                        new ResizedCrop(List.of(0.5, 1.0), List.of(0.75, 4 / 3.0)));
        Experiment again = Configuration.parse("again", experiment.toml()).experiment();
        assertThat(again.augmentations()).isEqualTo(experiment.augmentations());
        assertThat(again.toml())
                .isEqualTo(experiment.toml())
                .contains("[[augment.step]]\ntype = \"crop\"\npadding = 1\nborder = \"reflect\"");
        assertThat(parse("").toml()).contains("[augment]\nstep = []");
    }

    @Test
    void trainingAloneIsAugmentedAndScaledAfterwards() {
        Experiment plain = parse("");
        Experiment noisy = parse("[augment]\nstep = [{ type = 'noise', sigma = 0.001 }, 'mixup']");
        double deviation = plain.task().scaling().spreads()[0];

        Batch seen = noisy.training().pass(0, 0).batch(Order.sequential(200));
        Batch mixup = parse("[augment]\nstep = 'mixup'").training().pass(0, 0).batch(Order.sequential(200));
        double squares = 0;
        for (int i = 0; i < seen.features().count(); i++) {
            squares += Math.pow(seen.features().get(i) - mixup.features().get(i), 2);
        }
        // Noise of two mixed images, in the units of the model: λ² + (1 - λ)² is 2/3 on average.
        assertThat(Math.sqrt(squares / seen.features().count()))
                .isBetween(0.9 * 0.001 * Math.sqrt(2 / 3.0) / deviation, 1.1 * 0.001 * Math.sqrt(2 / 3.0) / deviation);
        assertThat(seen.labels().type().type()).isEqualTo(Type.FLOAT32);
        assertThat(noisy.split().validation().batch(3).features().storage())
                .isEqualTo(plain.split().validation().batch(3).features().storage());
        assertThat(plain.training()).isSameAs(plain.split().training());
        Trainer trainer = noisy.trainer();
        assertThat(trainer.plan(noisy.training()).toString()).isNotEmpty();
    }

    @Test
    void rowsAreAugmentedInTheUnitsOfTheModel() throws IOException {
        StringBuilder rows = new StringBuilder("x,y,label\n");
        for (int i = 0; i < 60; i++) {
            rows.append(1000 * i).append(',').append(i % 7).append(i % 2 == 0 ? ",a\n" : ",b\n");
        }
        Path csv = Files.writeString(folder.resolve("rows.csv"), rows);
        Experiment noisy = parse("[data]\npath = '" + csv + "'\n[augment]\nstep = [{ type = 'noise', sigma = 0.01 }]");
        Batch seen = noisy.training().pass(0, 0).batch(0, 1, 2);
        Batch plain = noisy.split().training().batch(0, 1, 2);

        for (int i = 0; i < seen.features().count(); i++) {
            double apart = Math.abs(seen.features().get(i) - plain.features().get(i));
            assertThat(apart).isBetween(1e-9, 0.06);
        }
    }

    @Test
    void rareClassesAreDrawnOrWeighedMore() throws IOException {
        StringBuilder rows = new StringBuilder("x,label\n");
        for (int i = 0; i < 100; i++) {
            rows.append(i).append(i < 90 ? ",a\n" : ",b\n");
        }
        Path csv = Files.writeString(folder.resolve("rare.csv"), rows);
        String data = "[data]\npath = '" + csv + "'\n";

        Batch drawn =
                parse(data + "sampling = 'balanced'").training().pass(3, 4).batch(Order.sequential(60));
        assertThat(Arrays.stream(drawn.labels().toLongs()).sum()).isBetween(15L, 45L);
        Experiment weighed = parse(data + "[loss]\nclass_weights = 'balanced'");
        Loss loss = Objective.of(weighed.recipe().loss()).loss();
        assertThat(loss).isEqualTo(CrossEntropyLoss.of().weighted(60 / 2.0 / 54, 60 / 2.0 / 6));
        Experiment again = Configuration.parse("again", weighed.toml()).experiment();
        assertThat(Objective.of(again.recipe().loss()).loss()).isEqualTo(loss);
        assertThat(again.toml()).isEqualTo(weighed.toml());
    }

    @Test
    void eachFoldIsATestPart() {
        int tested = 0;
        for (int fold = 1; fold <= 3; fold++) {
            Split split = parse("[data]\nfolds = 3\nfold = " + fold).split();
            tested += split.test().size();
            assertThat(split.training().size()).isBetween(950, 965);
        }
        assertThat(tested).isEqualTo(1797);
        assertThatThrownBy(() -> parse("[data]\nfolds = 3\nfold = 4"))
                .hasMessage("`t.toml`, line 1: Data are cut into 2 or more folds, of which one is for testing, counted"
                        + " from 1, but fold 4 of 3 was asked for.");
    }

    @Test
    void nothingIsLeftForValidationWhereItsShareIsZero() throws IOException {
        Path text = Files.writeString(folder.resolve("long.txt"), "la la la, ".repeat(30));
        String words = "\npath = '" + text + "'\nwindow = 5\n[model]\nhidden = 4\nembedding = 3";
        for (String more : List.of("", "\nfolds = 3\nfold = 1", words)) {
            Experiment usual = parse("[data]" + more);
            Experiment experiment = parse("[data]\nvalidation = 0" + more);

            assertThat(experiment.training().size())
                    .isEqualTo(usual.split().training().size()
                            + usual.split().validation().size());
            assertThat(experiment.split().test().labels().toLongs())
                    .isEqualTo(usual.split().test().labels().toLongs());
            assertThat(experiment.validation()).isNull();
        }
        Experiment brief = parse("[data]\nvalidation = 0\n[training]\nepochs = 1\nbatch = 400\n[model]\nname = 'mlp'");
        Trainer trainer = brief.trainer();
        trainer.fit(brief.training(), brief.validation());
        assertThat(trainer.evaluate(brief.split().test())).containsOnlyKeys("loss", "accuracy");
    }

    @Test
    void aTextIsReadInWindows() throws IOException {
        Path text = Files.writeString(folder.resolve("song.txt"), "la la la, ".repeat(30));
        Experiment experiment = parse("[data]\npath = '" + text + "'\nwindow = 5\n[model]\nhidden = 4\nembedding = 3");

        assertThat(experiment.task().form().shape().size(0)).isEqualTo(5);
        assertThat(experiment.task().scaling()).isNull();
        assertThat(experiment.recipe().loss()).isInstanceOf(PerPosition.class);
        experiment.demandFits(experiment.session());
        Trainer trainer = experiment.trainer();
        trainer.fit(experiment.training(), experiment.split().validation());
        assertThat(trainer.evaluate(experiment.split().test())).containsOnlyKeys("loss", "accuracy");
        assertThat(Task.of(experiment.task().notes()).notes())
                .isEqualTo(experiment.task().notes());
    }

    @Test
    void aSeriesIsForecast() throws IOException {
        StringBuilder rows = new StringBuilder("x,y\n");
        for (int i = 0; i < 120; i++) {
            rows.append(Math.sin(i / 3.0))
                    .append(',')
                    .append(50 + 10 * Math.sin(i / 3.0))
                    .append('\n');
        }
        Path csv = Files.writeString(folder.resolve("wave.csv"), rows);
        Experiment experiment = parse("[data]\npath = '" + csv + "'\nwindow = 6\nahead = 2\n[optimizer]\nlr = 0.02");
        experiment.demandFits(experiment.session());
        RunFolder run = RunFolder.create(folder, "wave");
        Trainer trainer = experiment.trainer();
        trainer.keep(run.checkpoints().with(experiment.notes()));
        trainer.fit(experiment.training(), experiment.split().validation());
        TrainedModel model = TrainedModel.read(run.path());

        assertThat(Task.of(experiment.task().notes()).form())
                .isEqualTo(experiment.task().form());
        RegressionReport report =
                (RegressionReport) model.report(experiment.split().test());
        assertThat(report.r2()).isGreaterThan(0.9);
        assertThat(report.rmse()).isLessThan(2.5); // in the units of y
        assertThat(report.mae())
                .isCloseTo(trainer.evaluate(experiment.split().test()).get("mae"), within(1e-4));
        double next = model.predict(model.read(csv.toString())).get(0);
        assertThat(next).isCloseTo(50 + 10 * Math.sin(121 / 3.0), within(4.0));
    }

    /// `-Dgradus.write=true` writes the list anew.
    @Test
    void theGuideListsTheAugmentations() throws IOException {
        Path page = Path.of("").toAbsolutePath().getParent().resolve("docs/training.md");
        StringBuilder list = new StringBuilder("<!-- augmentations -->\n\n| type | keys |\n|---|---|\n");
        for (String name : Augmentations.TYPES.names()) {
            Table none = new Table(new Table.Source("", Map.of()), "augment.step", Map.of(), 0);
            Augmentations.TYPES.read(none, name);
            String keys = none.complete().entrySet().stream()
                    .map(entry -> "`" + entry.getKey() + " = " + inToml(entry.getValue()) + "`")
                    .collect(Collectors.joining(", "));
            list.append("| `").append(name).append("` | ").append(keys).append(" |\n");
        }
        list.append("\n<!-- end of augmentations -->");
        String text = Files.readString(page);
        int from = text.indexOf("<!-- augmentations -->");
        int to = text.indexOf("<!-- end of augmentations -->") + "<!-- end of augmentations -->".length();
        if (Boolean.getBoolean("gradus.write")) {
            Files.writeString(page, text.substring(0, from) + list + text.substring(to));
        } else {
            assertThat(text.substring(from, to)).isEqualTo(list.toString());
        }
    }

    private static String inToml(Object value) {
        return Toml.text(Map.of("x", value)).strip().substring("x = ".length());
    }

    private static Experiment parse(String text) {
        return Configuration.parse("t.toml", text).experiment();
    }
}
