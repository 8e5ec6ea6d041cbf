package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.States;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.ops.Activations;
import org.gradus.ops.Convolutions;
import org.gradus.ops.CrossEntropy;
import org.gradus.ops.Pooling;
import org.gradus.ops.Products;
import org.gradus.ops.Standardization;
import org.junit.jupiter.api.Test;

/// Plans as texts that are kept: every decision about orders, fusion, stages and places of new states shows as a
/// difference of one of them. `./gradus test -Dgradus.write=true` writes them anew.
class PlanTextsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "org", "gradus", "plan");

    @Test
    void trainingOfAConvolutionalNetwork() throws IOException {
        check("convolutional", List.of(f32(64, 1, 28, 28), TensorType.of(Type.INT64, 64)), (scope, in) -> {
            Tensor a = Convolutions.conv2d(
                    in.get(0), weight(scope, "first", 16, 1, 5, 5), weight(scope, "bias", 16), 1, 2, 1, 1);
            Tensor b = Pooling.maxPool(Activations.relu(a), 2, 2, 0);
            Tensor c =
                    batchNorm(scope, Convolutions.conv2d(b, weight(scope, "second", 32, 16, 3, 3), null, 1, 1, 1, 1));
            Tensor d = Activations.relu(c).mean(2, 3);
            Tensor logits = Products.linear(d, weight(scope, "last", 10, 32), weight(scope, "last-bias", 10));
            return descended(scope, CrossEntropy.crossEntropy(logits, in.get(1)));
        });
    }

    @Test
    void batchNormByRows() throws IOException {
        check(
                "batch-norm",
                List.of(f32(64, 64, 32, 32)),
                (scope, in) ->
                        withGradient(batchNorm(scope, in.get(0)).sigmoid().mean(), in.get(0)));
    }

    @Test
    void softmaxCrossEntropy() throws IOException {
        check(
                "cross-entropy",
                List.of(f32(4096, 1000), TensorType.of(Type.INT64, 4096)),
                (scope, in) -> withGradient(CrossEntropy.crossEntropy(in.get(0), in.get(1)), in.get(0)));
    }

    @Test
    void layerNorm() throws IOException {
        check("layer-norm", List.of(f32(4096, 512)), (scope, in) -> {
            Tensor y = Standardization.standardize(in.get(0), 1e-5, 1)
                    .values()
                    .times(weight(scope, "weight", 512))
                    .plus(weight(scope, "bias", 512));
            return descended(scope, Activations.gelu(y).mean());
        });
    }

    private static TensorType f32(int... sizes) {
        return TensorType.of(Type.FLOAT32, sizes);
    }

    private static Tensor weight(Scope scope, String name, int... sizes) {
        return scope.parameter(name, Role.WEIGHT, (type, _) -> Array.zeros(type), sizes);
    }

    private static Tensor batchNorm(Scope scope, Tensor x) {
        int channels = x.shape().size(1);
        Standardization.Result batch = Standardization.standardize(x, 1e-5, 0, 2, 3);
        Tensor running = scope.buffer("running", f32(channels), (type, _) -> Array.zeros(type));
        scope.assign(
                running, running.times(0.9).plus(batch.mean().reshape(channels).times(0.1)));
        Shape along = Shape.of(1, channels, 1, 1);
        return batch.values()
                .times(weight(scope, "norm-weight", channels).reshape(along))
                .plus(weight(scope, "norm-bias", channels).reshape(along));
    }

    private static List<Tensor> withGradient(Tensor loss, Tensor x) {
        return List.of(loss, Reverse.gradients(loss, List.of(x)).get(0));
    }

    /// A step of gradient descent.
    private static List<Tensor> descended(Scope scope, Tensor loss) {
        List<Tensor> parameters = List.copyOf(scope.parameters().values());
        List<Tensor> gradients = Reverse.gradients(loss, parameters);
        for (int i = 0; i < parameters.size(); i++) {
            Tensor parameter = parameters.get(i);
            scope.assign(parameter, parameter.minus(gradients.get(i).times(0.1)));
        }
        return List.of(loss);
    }

    private static void check(
            String name, List<TensorType> inputs, BiFunction<Scope, List<Tensor>, List<Tensor>> function)
            throws IOException {
        Trace trace = new Trace();
        States states = States.traced(trace, trace.input("key", TensorType.of(Type.INT64, 2)));
        List<Tensor> arguments =
                inputs.stream().map(type -> trace.input(type.toString(), type)).toList();
        Plan plan = Plan.of(trace.finish(function.apply(Scope.root(states, Mode.TRAIN, Type.FLOAT32), arguments)));
        String text = plan.toString()
                .replaceAll(" \\w+\\.java:\\d+", "")
                .replaceAll("(?<=\\S) +", " ")
                .replace(System.lineSeparator(), "\n");
        Path file = FOLDER.resolve(name + ".txt");
        if (Boolean.getBoolean("gradus.write")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, text);
        }
        assertThat(text)
                .as("the plan; write %s anew with ./gradus test -Dgradus.write=true", file)
                .isEqualTo(Files.readString(file));
    }
}
