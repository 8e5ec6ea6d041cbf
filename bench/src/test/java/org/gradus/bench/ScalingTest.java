package org.gradus.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.gradus.bench.Scaling.Cost;
import org.gradus.bench.Scaling.Curve;
import org.gradus.bench.Scaling.Size;
import org.gradus.bench.Scaling.Sweep;
import org.gradus.nn.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ScalingTest {
    private static final Pattern DOT = Pattern.compile("<circle cx=\"(\\S+)\" cy=\"(\\S+)\"");
    private static final Pattern DASHED =
            Pattern.compile("<line x1=\"(\\S+)\" y1=\"(\\S+)\" x2=\"(\\S+)\" y2=\"(\\S+)\".*dasharray");

    @TempDir
    private Path folder;

    /// Of three equally distant points, the line of least squares is as steep as the one through the outer two.
    @Test
    void thePowerIsTheSlopeByLeastSquares() {
        Curve curve = curve(2, 10, 20, 30, 30, 40, 120);

        assertThat(curve.power(1)).isEqualTo(Math.log(4) / Math.log(40.0 / 30), within(1e-12));
        assertThat(curve(2, 1, 3, 4, 48, 16, 768).power(0)).isEqualTo(2, within(1e-12));
        assertThat(curve(2, 1, 1, 2, 1.5, 4, 6).power(0))
                .isEqualTo((Math.log(1.5) / Math.log(2) + 2) / 2, within(1e-12));
    }

    @Test
    void aCurveThatGrowsAsItShouldLiesOnItsDashedLine() {
        String svg = ScalingPicture.svg(List.of(curve(2, 1, 0.5, 2, 2, 8, 32)), 1);

        List<String> dots = DOT.matcher(svg)
                .results()
                .map(dot -> dot.group(1) + "," + dot.group(2))
                .toList();
        assertThat(dots).hasSize(3);
        assertThat(svg).contains("points=\"" + String.join(" ", dots) + "\"", "power 2.00, 2 is expected");
        assertThat(DASHED.matcher(svg).results())
                .singleElement()
                .satisfies(line -> assertThat(
                                List.of(line.group(1) + "," + line.group(2), line.group(3) + "," + line.group(4)))
                        .containsExactly(dots.getFirst(), dots.getLast()));
    }

    @Test
    void sizesArePlannedTimedAndDrawn() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        List<Size> sizes = DoubleStream.of(2, 4)
                .mapToObj(batch -> new Size(
                        "" + (int) batch,
                        batch,
                        batch,
                        threads -> Networks.training(Mlp.of(Networks.CLASSES), threads, (int) batch, 3)))
                .toList();
        Path svg = folder.resolve("scaling.svg");

        Scaling command = new Scaling(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                List.of(new Sweep("batch", "a line", "sample", 1, sizes)));
        int code = new CommandLine(command).execute("--seconds", "0.02", "--rounds", "2", "--svg", svg.toString());

        assertThat(code).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("batch: a line", "ms per sample", "| 2     |", "| 4     |", "1 is expected.");
        assertThat(DOT.matcher(Files.readString(svg)).results()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rounds 0", "--seconds -1", "--seconds 0", "--seconds NaN", "--threads 0"})
    void timesAndTurnsAreSome(String options) {
        StringWriter err = new StringWriter();
        int code = new CommandLine(new Scaling(System.out))
                .setErr(new PrintWriter(err))
                .execute(options.split(" ", -1));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("--seconds takes more than 0 and at most 600, --rounds and --threads 1 or");
    }

    /// @param numbers in turn a size and its time in ms
    private static Curve curve(int power, double... numbers) {
        List<Cost> costs = DoubleStream.iterate(0, i -> i < numbers.length, i -> i + 2)
                .mapToObj(i -> cost(numbers[(int) i], numbers[(int) i + 1]))
                .toList();
        Sweep sweep = new Sweep(
                "width",
                "a network",
                "unit",
                power,
                costs.stream().map(Cost::size).toList());
        return new Curve(sweep, costs);
    }

    private static Cost cost(double size, double millis) {
        Size of = new Size("" + size, size, size, threads -> {
            throw new IllegalStateException();
        });
        return new Cost(of, new Timing("Gradus", "row", 1, 0, List.of(millis), List.of(), List.of(), 1, 1), 1);
    }
}
