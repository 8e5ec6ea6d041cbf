package org.gradus.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.bench.side.Numbers;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Weights;
import org.gradus.bench.side.Work;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.nn.Activation;
import org.gradus.nn.BnConvNet;
import org.gradus.nn.Conv;
import org.gradus.nn.Flatten;
import org.gradus.nn.LeNet;
import org.gradus.nn.Linear;
import org.gradus.nn.Losses;
import org.gradus.nn.MaxPool;
import org.gradus.nn.Mlp;
import org.gradus.nn.ResNet;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.run.StepFunction;

/// The networks: whole training steps (forward, loss, backward, update with momentum), and LeNet's inference.
final class Networks {
    static final int CLASSES = 10;
    private static final Optimizer OPTIMIZER = Optimizer.of(Numbers.RATE, Sgd.of(Numbers.MOMENTUM));

    /// What a network's step makes small.
    @FunctionalInterface
    private interface Objective {
        Tensor loss(Scope scope, Tensor x, Tensor labels);
    }

    private Networks() {}

    static Work work(Row row, int threads, Path weights) {
        Session session = new Session(1, Type.FLOAT32, threads);
        StepWork work = row.name().contains("infer")
                ? inference(session, Numbers.input(row))
                : training(session, objective(row.name()), Numbers.input(row));
        if (!row.isCold() && !Files.exists(weights)) {
            write(session, weights);
        }
        return work;
    }

    /// A training step of a classifier.
    ///
    /// @param sizes those of its input, the batch first
    static StepWork training(Layer classifier, int threads, int... sizes) {
        return training(new Session(1, Type.FLOAT32, threads), classifying(classifier), sizes);
    }

    private static StepWork training(Session session, Objective objective, int... sizes) {
        List<Array> inputs = new ArrayList<>(List.of(Array.of(Shape.of(sizes), Numbers.uniform(1, sizes))));
        inputs.add(Array.of(Shape.of(sizes[0]), Numbers.labels(sizes[0], CLASSES)));
        inputs.addAll(OPTIMIZER.inputs(Progress.START, Type.FLOAT32));
        return new StepWork(session.step("train", Mode.TRAIN, step(objective)), inputs, Networks::losses);
    }

    private static StepWork inference(Session session, int... sizes) {
        Step step = session.step(
                "infer", Mode.EVAL, (scope, x) -> List.of(new LeNet(CLASSES).forward(scope, x.getFirst())));
        Array images = Array.of(Shape.of(sizes), Numbers.uniform(1, sizes));
        return new StepWork(step, List.of(images), Networks::outputs);
    }

    private static float[] outputs(StepWork work) {
        work.run();
        return new float[] {Numbers.rms(work.result(0))};
    }

    private static float[] losses(StepWork work) {
        float[] losses = new float[Numbers.STEPS];
        for (int i = 0; i < losses.length; i++) {
            work.run();
            losses[i] = work.result(0)[0];
        }
        return losses;
    }

    private static Objective objective(String name) {
        return switch (name) {
            case "mlp" -> classifying(Mlp.of(512, 256, CLASSES));
            case "lenet", "cold" -> classifying(new LeNet(CLASSES));
            case "bnconv" -> classifying(new BnConvNet(CLASSES));
            case "resnet20" -> classifying(new ResNet(20, CLASSES));
            case "lenet-deep" -> Networks::deeplySupervised;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Objective classifying(Layer model) {
        return (scope, x, labels) -> Losses.crossEntropy(model.forward(scope, x), labels);
    }

    /// LeNet with a linear classifier on the output of each pooling, whose losses are added with a weight.
    private static Tensor deeplySupervised(Scope scope, Tensor x, Tensor labels) {
        MaxPool pool = MaxPool.maxPool2d(2);
        Layer flat = new Flatten();
        Tensor y = flat.forward(scope, pool.forward(scope, scope.call("conv1", Conv.conv2d(20, 5), x)));
        Tensor z = pool.forward(scope, scope.call("conv2", Conv.conv2d(50, 5), y.reshape(-1, 20, 12, 12)));
        Tensor deep = flat.forward(scope, z);
        Tensor wide = Activation.RELU.forward(scope, scope.call("ip1", Linear.of(500), deep));
        Tensor sides = Losses.crossEntropy(scope.call("side1", Linear.of(CLASSES), y), labels)
                .plus(Losses.crossEntropy(scope.call("side2", Linear.of(CLASSES), deep), labels));
        return Losses.crossEntropy(scope.call("ip2", Linear.of(CLASSES), wide), labels)
                .plus(sides.times(Numbers.SIDE_WEIGHT));
    }

    private static StepFunction step(Objective objective) {
        return (scope, inputs) -> {
            Tensor loss = objective.loss(scope, inputs.get(0), inputs.get(1));
            Map<StateKey, Tensor> parameters = scope.parameters();
            List<Tensor> gradients = Reverse.gradients(loss, List.copyOf(parameters.values()));
            OPTIMIZER.update(scope, parameters, gradients, inputs.subList(2, inputs.size()));
            return List.of(loss);
        };
    }

    private static void write(Session session, Path file) {
        Map<String, Weights.Weight> weights = new LinkedHashMap<>();
        for (StateKey key : session.states()) {
            if (key.role().isTrained()) {
                Array value = session.state(key.path());
                weights.put(key.path(), new Weights.Weight(value.shape().sizes(), (float[]) value.storage()));
            }
        }
        Weights.write(file, weights);
    }
}
