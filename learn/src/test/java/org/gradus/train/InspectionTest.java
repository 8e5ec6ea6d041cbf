package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.nn.Activation;
import org.gradus.nn.Linear;
import org.gradus.nn.MseLoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    @TempDir
    private Path folder;

    /// tanh(x·W + b) and the mean of (y - label)², by hand.
    @Test
    void momentsAndGradientsAreThoseOfTheFormula() {
        double[] x = {0.5, -1, 2, 0.3, 1, 1, -0.7, 0.2};
        double[] labels = {1, -1, 0, 0.5};
        Examples examples = new Examples(Array.of(Shape.of(4, 2), x), Array.of(Shape.of(4, 1), labels), List.of());
        Session session = new Session(3, Type.FLOAT64, 1);
        Recipe recipe = new Recipe(
                        Sequential.of(Linear.of(1), Activation.TANH),
                        new MseLoss(),
                        Map.of(),
                        Optimizer.of(0.1, Sgd.of()),
                        3,
                        1)
                .with(new Auxiliary("", Sequential.of(), new MseLoss(), Schedules.constant(2)));
        Inspection found = new Trainer(session, recipe).inspect(examples);

        double[] w = session.state("0.weight").toDoubles();
        double b = session.state("0.bias").get(0);
        double loss = 0;
        double[] slope = new double[3];
        double[] z = new double[3];
        for (int i = 0; i < 3; i++) { // of four examples the first batch
            z[i] = w[0] * x[2 * i] + w[1] * x[2 * i + 1] + b;
            double off = Math.tanh(z[i]) - labels[i];
            double back = 3 * 2 * off * (1 - Math.tanh(z[i]) * Math.tanh(z[i])) / 3; // 3: the loss and twice itself
            loss += 3 * off * off / 3;
            slope[0] += back * x[2 * i];
            slope[1] += back * x[2 * i + 1];
            slope[2] += back;
        }
        assertThat(found.loss()).isCloseTo(loss, within(1e-14));
        assertThat(found.gradients().get("0.weight").toDoubles())
                .containsExactly(new double[] {slope[0], slope[1]}, within(1e-14));
        assertThat(found.gradients().get("0.bias").get(0)).isCloseTo(slope[2], within(1e-14));
        assertThat(found.meanGradients().get("0.weight"))
                .isCloseTo((Math.abs(slope[0]) + Math.abs(slope[1])) / 2, within(1e-14));
        double mean = (z[0] + z[1] + z[2]) / 3;
        double square = IntStream.range(0, 3)
                        .mapToDouble(i -> (z[i] - mean) * (z[i] - mean))
                        .sum()
                / 3;
        assertThat(found.outputs().keySet()).containsExactly("0", "1", "");
        assertThat(found.outputs().get("0").mean()).isCloseTo(mean, within(1e-14));
        assertThat(found.outputs().get("0").deviation()).isCloseTo(Math.sqrt(square), within(1e-14));
        assertThat(found.outputs().get("1")).isEqualTo(found.outputs().get(""));
    }

    /// The model has dropout, and a buffer that training moves.
    @Test
    void aTrainingThatIsInspectedIsTheSame() {
        Session plain = Noisy.session();
        new Trainer(plain, Noisy.recipe(3)).fit(Noisy.examples());
        Session seen = Noisy.session();
        Events events = new Events();
        Trainer trainer = new Trainer(seen, Noisy.recipe(3).inspected(), events);
        events.reaction = event -> {
            if (event instanceof Event.StepDone done && done.batch() == 2) {
                trainer.inspect(Noisy.examples());
            }
        };
        trainer.fit(Noisy.examples());

        assertThat(seen.steps()).isEqualTo(plain.steps());
        plain.states()
                .forEach(key -> assertThat(seen.state(key.path()).storage())
                        .as(key.path())
                        .isEqualTo(plain.state(key.path()).storage()));
        assertThat(events.of(Event.Inspected.class))
                .extracting(Event.Inspected::epoch)
                .containsExactly(0, 1, 2, 3);
        Inspection last = events.of(Event.Inspected.class).toList().getLast().layers();
        assertThat(last.outputs().keySet()).containsExactly("hidden", "last", "");
        assertThat(last.gradients().keySet()).contains("hidden.weight", "last.bias");
    }

    @Test
    void theFileHasALineForEachNumberAndGoesOn() throws IOException {
        Path whole = folder.resolve("whole.csv");
        new Trainer(Noisy.session(), Noisy.recipe(3).inspected(), new LayersFile(whole)).fit(Noisy.examples());
        List<String> lines = Files.readAllLines(whole);

        // 3 outputs with 2 numbers, 4 parameters, at the start and after 3 epochs
        assertThat(lines)
                .hasSize(1 + 4 * 10)
                .startsWith("epoch,what,path,value")
                .allMatch(line -> line.split(",", -1).length == 4);
        assertThat(lines.get(1)).startsWith("0,mean,hidden,");
        assertThat(lines.getLast()).startsWith("3,gradient,last.bias,");

        Path cut = folder.resolve("cut.csv");
        Events events = new Events();
        Trainer first = new Trainer(Noisy.session(), Noisy.recipe(3).inspected(), new LayersFile(cut), events);
        events.reaction = event -> {
            if (event instanceof Event.StepDone done && done.step() == 9) {
                first.stop();
            }
        };
        first.fit(Noisy.examples());
        Files.writeString(cut, Files.readString(cut) + "2,mean,hidden,0.5\n2,devi");
        new Trainer(Noisy.session(), Noisy.recipe(3).inspected(), new LayersFile(cut))
                .resume(first.checkpoint(), Noisy.examples(), null);

        assertThat(Files.readString(cut)).isEqualTo(Files.readString(whole));
    }

    @Test
    void nothingIsWrittenWhereNobodyAsks() {
        Path file = folder.resolve("none.csv");
        new Trainer(Noisy.session(), Noisy.recipe(1), new LayersFile(file)).fit(Noisy.examples());

        assertThat(file).doesNotExist();
    }
}
