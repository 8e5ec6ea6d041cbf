package org.gradus.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.strategies.Course;
import org.gradus.strategies.Members;
import org.gradus.strategies.Part;
import org.gradus.strategies.Strategy;
import org.gradus.strategies.TaughtCurriculum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class AccuracyTest {
    private static final Path SETS =
            Path.of("").toAbsolutePath().resolve("../../shared/data").normalize();

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void whatIsReachedIsSaid() throws IOException {
        int code = iris(row -> row % 3);

        assertThat(code).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("| iris | 100.00 % | ≥ 95.00 % |        131 |", "1 reached, 0 missed, 0 skipped");
        assertThat(folder.resolve("figures.json")).content().contains("\"task\" : \"iris\"", "\"figure\" : 1.0");
    }

    @Test
    void whatIsMissedFails() throws IOException {
        int code = iris(row -> row / 12); // which has nothing to do with the features

        assertThat(code).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("MISSED", "0 reached, 1 missed, 0 skipped");
    }

    @Test
    void dataThatAreNotThereAreSkipped() {
        assertThat(run("--only", "mnist-,iris", "--data", folder.toString())).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("skipped", "0 reached, 0 missed, 5 skipped");
    }

    @Test
    void anUnknownTaskIsRefused() {
        assertThat(run("--only", "nothing")).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @ParameterizedTest
    @MethodSource("goals")
    void aRecipeFitsItsData(Goal goal) throws IOException {
        Path data = SETS.resolve(goal.data());
        assumeTrue(Files.exists(data), "Skipped: there is no " + data + ".");

        Experiment experiment =
                Accuracy.recipe(goal, RawTables.withHeader(data, folder)).experiment();

        experiment.demandFits(experiment.session());
        assertThat(Goal.models(Goal.strategy(experiment))).isNotEmpty();
        assertThat(experiment.validation()).isNull();
    }

    private static List<Goal> goals() {
        return Goal.ALL;
    }

    @Test
    void aPlainTrainingIsWhatAStrategyIsComparedWith() {
        Course pretrained = (Course) strategy("[pretraining]\ntype = 'layerwise'\nlabels = 100");
        Part few = ((Course) without("mnist-pretraining", pretrained)).parts().getFirst();
        assertThat(few).isSameAs(pretrained.parts().getLast());
        assertThat(few.training().size()).isEqualTo(100);

        Course continued =
                (Course) strategy("[continuation]\nkey = 'loss.smoothing'\nfrom = 0.5\nstages = 3\nepochs = 4");
        Course atOnce = (Course) without("mnist-continuation", continued);
        assertThat(atOnce.parts())
                .singleElement()
                .extracting(part -> part.recipe().epochs())
                .isEqualTo(20 + 2 * 4);

        TaughtCurriculum taught = (TaughtCurriculum) strategy("[curriculum]\nteacher_epochs = 1");
        assertThat(((Course) without("fashion-curriculum", taught)).parts()).containsExactly(taught.pupil());

        assertThat(Goal.models(strategy("[ensemble]\nmembers = 3"))).hasSize(3);
        assertThat(strategy("[ensemble]\nmembers = 3")).isInstanceOf(Members.class);
    }

    @Test
    void tablesGetTheNamesOfTheirColumns() throws IOException {
        Path wine = Files.writeString(folder.resolve("wine.csv"), "1,2,3\n");
        Path houses = Files.writeString(
                folder.resolve("cal_housing.arff"),
                "% words\n@relation houses\n@DATA\n-122,37,1,800,400,200,100,8.5,450000\n");
        Path to = Files.createDirectory(folder.resolve("to"));

        assertThat(Files.readAllLines(RawTables.withHeader(wine, to)))
                .hasSize(2)
                .contains("1,2,3");
        assertThat(Files.readAllLines(RawTables.withHeader(houses, to)).get(1))
                .isEqualTo("8.5,0.0," + Math.log(4) + "," + Math.log(2) + "," + Math.log(2) + "," + Math.log(100)
                        + ",37.0,-122.0,4.5");
        assertThat(RawTables.withHeader(folder.resolve("iris.csv"), to)).isEqualTo(folder.resolve("iris.csv"));
    }

    private static Strategy strategy(String more) {
        return Goal.strategy(Configuration.parse(
                        "t.toml", "[model]\nname = 'mlp'\nhidden = [8, 8]\n[loss]\nsmoothing = 0.0\n" + more)
                .experiment());
    }

    private static Strategy without(String name, Strategy strategy) {
        Goal goal = Goal.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return ((Goal.Without) goal.bar()).strategy().apply(strategy);
    }

    /// Runs the task with 36 flowers, whose features tell the remainder of their number.
    private int iris(IntUnaryOperator species) throws IOException {
        Path file = Files.createDirectories(folder.resolve("iris")).resolve("iris.csv");
        List<String> rows = Stream.iterate(0, i -> i < 36, i -> i + 1)
                .map(i -> i % 3 + 0.01 * i + ",1." + i + "," + i % 3 + ",0," + species.applyAsInt(i))
                .toList();
        Files.write(
                file, Stream.concat(Stream.of("a,b,c,d,species"), rows.stream()).toList());
        return run(
                "--only",
                "iris",
                "--data",
                folder.toString(),
                "--json",
                folder.resolve("figures.json").toString());
    }

    private int run(String... options) {
        Accuracy command = new Accuracy(new PrintStream(printed, true, StandardCharsets.UTF_8));
        return new CommandLine(command).execute(options);
    }
}
