package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Dataset;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Order;
import org.gradus.data.Sampled;
import org.gradus.data.Scaling;
import org.gradus.data.augment.Augmented;
import org.gradus.data.augment.CutMix;
import org.gradus.data.augment.Elastic;
import org.gradus.data.augment.Mixup;
import org.gradus.data.augment.Noise;
import org.gradus.data.augment.Rotation;
import org.gradus.graph.StateKey;
import org.gradus.nn.Activation;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Event.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training on data that change from pass to pass gives the same bits on any number of threads, and after a resume.
class AugmentedTrainingTest {
    private static final int EPOCHS = 3;
    private static final Examples DIGITS = digits();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void threadsMakeNoDifference(int loaders) {
        assertThat(trained(loaders, 2)).isEqualTo(trained(1, 1));
    }

    /// Within the second epoch, and between two.
    @ParameterizedTest
    @ValueSource(ints = {9, 14})
    void anInterruptionMakesNoDifference(int step) {
        List<Trainer> trainers = new ArrayList<>();
        Trainer first = new Trainer(session(1), recipe(), event -> {
            if (event instanceof Event.StepDone done && done.step() == step) {
                trainers.getFirst().stop();
            }
        });
        trainers.add(first);
        assertThat(first.fit(data())).isEqualTo(Ending.STOPPED);

        Session session = session(1);
        Trainer second = new Trainer(session, recipe());
        second.loaders(3);
        second.resume(first.checkpoint(), data(), null);

        assertThat(states(session)).isEqualTo(trained(1, 1));
    }

    @Test
    void passesDiffer() {
        Dataset plain = Augmented.of(DIGITS);
        Session session = session(1);
        new Trainer(session, recipe()).fit(plain);

        assertThat(states(session)).isNotEqualTo(trained(1, 1));
    }

    @Test
    void mixedLabelsAreLearntAndClassesJudged() {
        Session session = session(1);
        Trainer trainer = new Trainer(
                session,
                Recipe.classifier(
                        Sequential.of(new Flatten(), Linear.of(32), Activation.RELU, Linear.of(10)),
                        Optimizer.of(0.1, Sgd.of()),
                        16,
                        40));
        trainer.fit(Augmented.of(DIGITS, new Mixup(0.4)));

        assertThat(trainer.evaluate(DIGITS))
                .hasEntrySatisfying("accuracy", accuracy -> assertThat(accuracy).isGreaterThan(0.9));
    }

    @Test
    void aTrainerNeedsAThread() {
        assertThatThrownBy(() -> new Trainer(session(1), recipe()).loaders(0)).hasMessageContaining("0 were asked for");
    }

    private static List<Object> trained(int loaders, int threads) {
        Session session = session(threads);
        Trainer trainer = new Trainer(session, recipe());
        trainer.loaders(loaders);
        trainer.fit(data());
        return states(session);
    }

    private static Dataset data() {
        return Augmented.of(
                Sampled.balanced(DIGITS),
                10,
                List.of(Rotation.by(10), Elastic.of(), new Noise(0.1), new Mixup(1), new CutMix(1)));
    }

    private static Recipe recipe() {
        return Recipe.classifier(
                Sequential.of(new Flatten(), Linear.of(8), Activation.RELU, Linear.of(10)),
                Optimizer.of(0.1, Sgd.of()),
                16,
                EPOCHS);
    }

    private static Session session(int threads) {
        return new Session(5, Type.FLOAT32, threads);
    }

    private static List<Object> states(Session session) {
        List<Object> states = new ArrayList<>();
        for (StateKey key : session.states()) {
            states.add(key.path());
            states.addAll(DoubleStream.of(session.state(key.path()).toDoubles())
                    .boxed()
                    .toList());
        }
        return states;
    }

    private static Examples digits() {
        Examples some = Datasets.digits().part(Order.sequential(110));
        return some.withFeatures(
                Scaling.by(Shape.of(64), 16).apply(some.features()).reshaped(Shape.of(110, 1, 8, 8)));
    }
}
