package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.Conv;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Mlp;
import org.gradus.nn.MseLoss;
import org.gradus.nn.Sequential;
import org.gradus.ops.Views;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedule;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.junit.jupiter.api.Test;

class AuxiliaryTest {
    private static final int CLASSES = 3;
    private final Examples pictures = pictures();

    /// The same network, its classifiers written into its own forward pass, and their losses added by hand.
    @Test
    void deepSupervisionIsTheSumOfTheLosses() {
        Layer lenet = small();
        Recipe recipe = Recipe.classifier(lenet, Optimizer.of(0.1, Sgd.of(0.9)), 4, 2)
                .with(
                        Auxiliary.classifier("1", CLASSES, Schedule.constant(0.3)),
                        Auxiliary.classifier("3", CLASSES, Schedule.constant(0.2)));
        Session declared = session();
        new Trainer(declared, recipe).fit(pictures);

        Session byHand = session();
        Layer heads = Sequential.of(new Flatten(), Linear.of(CLASSES));
        Recipe written = new Recipe(
                (scope, x) -> {
                    Tensor y = x;
                    Tensor[] outputs = new Tensor[3];
                    List<Layer> layers = ((Sequential) lenet).layers();
                    for (int i = 0; i < layers.size(); i++) {
                        y = scope.call(String.valueOf(i), layers.get(i), y);
                        if (scope.mode() == Scope.Mode.TRAIN && (i == 1 || i == 3)) {
                            outputs[i / 2] = scope.call("auxiliary." + i, heads, y);
                        }
                    }
                    outputs[2] = y;
                    return Views.stack(0, List.of(outputs));
                },
                (outputs, labels) -> Losses.crossEntropy(at(outputs, 2), labels)
                        .plus(Losses.crossEntropy(at(outputs, 0), labels).times(0.3))
                        .plus(Losses.crossEntropy(at(outputs, 1), labels).times(0.2)),
                Map.of(),
                recipe.optimizer(),
                4,
                2);
        new Trainer(byHand, written).fit(pictures);

        for (StateKey key : byHand.states()) {
            assertThat(declared.state(key.path()).toDoubles())
                    .as(key.path())
                    .containsExactly(byHand.state(key.path()).toDoubles(), within(1e-12));
        }
        assertThat(declared.states().stream().map(StateKey::path))
                .contains("auxiliary.1.1.weight", "auxiliary.3.1.bias");
    }

    /// One step; with another weight than 0 the layers below the head take another one, and no layer above.
    @Test
    void theWeightFollowsItsSchedule() {
        Recipe plain = Recipe.classifier(Mlp.of(4, CLASSES), Optimizer.of(0.1, Sgd.of()), 16, 1);
        Session without = trained(plain);
        Schedule late = progress -> progress.step();
        Session before = trained(plain.with(Auxiliary.classifier("0", CLASSES, late)));
        Session during = trained(plain.with(Auxiliary.classifier("0", CLASSES, progress -> 1 - progress.step())));

        assertThat(weight(before, "0")).isEqualTo(weight(without, "0"));
        assertThat(weight(during, "0")).isNotEqualTo(weight(without, "0"));
        assertThat(weight(during, "2")).isEqualTo(weight(without, "2"));
    }

    private static Session trained(Recipe recipe) {
        Session session = session();
        new Trainer(session, recipe).fit(rows());
        return session;
    }

    /// A second loss on the model's own output: a mix of losses.
    @Test
    void thePathOfTheModelItselfIsEmpty() {
        Examples line = new Examples(Array.of(Shape.of(2, 1), 1.0, 1), Array.of(Shape.of(2, 1), 0.0, 0), List.of());
        Recipe mixed = new Recipe(Linear.of(1), Losses::meanSquaredError, Map.of(), Optimizer.of(1, Sgd.of()), 2, 1)
                .with(new Auxiliary("", Sequential.of(), new MseLoss(), Schedule.constant(-1)));
        Session session = session();

        new Trainer(session, mixed).fit(line);

        assertThat(session.state("weight").get(0))
                .isEqualTo(start(mixed, line).state("weight").get(0));
    }

    @Test
    void aPathThatTheModelDoesNotCallIsTold() {
        Recipe recipe = Recipe.classifier(small(), Optimizer.of(0.1, Sgd.of()), 4, 1)
                .with(Auxiliary.classifier("9", CLASSES, Schedule.constant(1)));

        assertThatThrownBy(() -> new Trainer(session(), recipe).fit(pictures))
                .hasMessageContaining("A loss is added at `9`, but the model calls no such layer. It calls 0, 1")
                .hasMessageContaining("It calls 0, 1, 2, 3, 4, 5");
    }

    @Test
    void evaluationKnowsNoHeads() {
        Recipe recipe = Recipe.classifier(small(), Optimizer.of(0.1, Sgd.of()), 4, 1)
                .with(Auxiliary.classifier("1", CLASSES, Schedule.constant(1)));
        Session session = session();

        Map<String, Double> means = new Trainer(session, recipe).evaluate(pictures);

        assertThat(means).containsOnlyKeys("loss", "accuracy");
        assertThat(session.states().stream().map(StateKey::path)).noneMatch(path -> path.startsWith("auxiliary"));
    }

    private static Session start(Recipe recipe, Examples examples) {
        Session session = session();
        new Trainer(session, recipe).evaluate(examples);
        return session;
    }

    private static Tensor at(Tensor stacked, int index) {
        return Views.select(stacked, 0, index);
    }

    private static double[] weight(Session session, String layer) {
        return session.state(layer + ".weight").toDoubles();
    }

    private static Layer small() {
        return Sequential.of(
                Conv.conv2d(2, 3),
                MaxPool.maxPool2d(2),
                Conv.conv2d(3, 2),
                Activation.TANH,
                new Flatten(),
                Linear.of(CLASSES));
    }

    private static Session session() {
        return new Session(5, Type.FLOAT64, 1);
    }

    private static Examples rows() {
        return new Examples(noise(16, 5), labels(16), List.of());
    }

    private static Examples pictures() {
        return new Examples(noise(8, 1, 8, 8), labels(8), List.of());
    }

    private static Array labels(int count) {
        Array labels = Array.zeros(new TensorType(Type.INT64, Shape.of(count)));
        for (int i = 0; i < count; i++) {
            labels.set(i, i % CLASSES);
        }
        return labels;
    }

    private static Array noise(int... sizes) {
        Array array = Array.zeros(new TensorType(Type.FLOAT64, Shape.of(sizes)));
        for (int i = 0; i < array.count(); i++) {
            array.set(i, Philox.of(3, 1, 0).normal(Type.FLOAT64, i));
        }
        return array;
    }
}
