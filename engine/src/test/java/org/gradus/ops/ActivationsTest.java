package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Activations.*;
import static org.gradus.ops.Expect.close;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationsTest {
    static final Map<String, UnaryOperator<Tensor>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("relu", Activations::relu),
            Map.entry("relu6", Activations::relu6),
            Map.entry("leaky_relu_0.01", x -> leakyRelu(x, 0.01)),
            Map.entry("elu", x -> elu(x, 1)),
            Map.entry("elu_0.5", x -> elu(x, 0.5)),
            Map.entry("selu", Activations::selu),
            Map.entry("celu_1.5", x -> celu(x, 1.5)),
            Map.entry("gelu", Activations::gelu),
            Map.entry("gelu_tanh", Activations::geluTanh),
            Map.entry("silu", Activations::silu),
            Map.entry("mish", Activations::mish),
            Map.entry("sigmoid", Activations::sigmoid),
            Map.entry("logsigmoid", Activations::logSigmoid),
            Map.entry("tanh", Activations::tanh),
            Map.entry("softplus", x -> softplus(x, 1, 20)),
            Map.entry("softplus_b2_t5", x -> softplus(x, 2, 5)),
            Map.entry("softsign", Activations::softsign),
            Map.entry("hardtanh", x -> hardtanh(x, -1, 1)),
            Map.entry("hardtanh_-2_0.5", x -> hardtanh(x, -2, 0.5)),
            Map.entry("hardsigmoid", Activations::hardsigmoid),
            Map.entry("hardswish", Activations::hardswish),
            Map.entry("hardshrink", x -> hardshrink(x, 0.5)),
            Map.entry("softshrink", x -> softshrink(x, 0.5)),
            Map.entry("tanhshrink", Activations::tanhshrink),
            Map.entry("threshold_0.1_20", x -> threshold(x, 0.1, 20)),
            Map.entry("rrelu_eval", x -> rrelu(x, 1 / 8.0, 1 / 3.0)),
            Map.entry("clamp_-1_1", x -> Elementwise.clamp(x, -1, 1)),
            Map.entry("max_with_0", x -> Elementwise.maximum(x, 0)),
            Map.entry("min_with_0", x -> Elementwise.minimum(x, 0)),
            Map.entry("nan_to_num", Logic::nanToNum),
            Map.entry("abs", Elementwise::abs),
            Map.entry("sign", Elementwise::sign),
            Map.entry("round", Elementwise::round)));

    static Stream<List<String>> lines() throws IOException {
        try (var in = Objects.requireNonNull(ActivationsTest.class.getResourceAsStream("activations.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(",")));
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void agreesWithPyTorchAlsoAtTheEnds(List<String> line) throws IOException {
        Tensor x = tensor(numbers(lines().findFirst().orElseThrow()));
        UnaryOperator<Tensor> f = line.get(0).equals("x") ? t -> t : ALL.get(line.get(0));
        if (line.get(1).equals("d")) {
            Tensor ones = Constants.onesLike(x);
            close(Derivatives.vjp(f, x, ones), 1e-10, numbers(line));
            close(Derivatives.jvp(f, x, ones), 1e-10, numbers(line));
        } else {
            close(f.apply(x), 1e-10, numbers(line));
        }
    }

    @Test
    void theTableHasAllOfThem() throws IOException {
        Assertions.assertThat(lines().map(line -> line.get(0)).filter(name -> !name.equals("x")))
                .containsAll(ALL.keySet());
    }

    @Test
    void tailsAreExact() {
        // Φ(-8) = 6.22096057427178e-16: 1 + erf would have lost it.
        double tail = gelu(tensor(-8.0)).item() / -8;
        Assertions.assertThat(tail).isCloseTo(6.22096057427178e-16, Assertions.withinPercentage(1e-6));
        holds(Derivatives.hessian(x -> elu(x, 1).sum(), tensor(1e4)), Shape.of(1, 1), 0);
    }

    @Test
    void preluHasOneWeightOrOnePerChannel() {
        Tensor x = tensor(Shape.of(1, 2, 2), -1.0, 2.0, -3.0, Double.POSITIVE_INFINITY);
        holds(prelu(x, tensor(0.5)), Shape.of(1, 2, 2), -0.5, 2, -1.5, Double.POSITIVE_INFINITY);
        holds(prelu(x, tensor(0.5, 0.1)), Shape.of(1, 2, 2), -0.5, 2, -0.3, Double.POSITIVE_INFINITY);
        holds(Derivatives.grad(w -> prelu(x, w).sum()).apply(tensor(0.5, 0.1)), -1, -3);
        error("prelu-weight", () -> prelu(x, tensor(1.0, 1.0, 1.0)), "[1, 2, 2]", "[3]");
        error("prelu-weight", () -> prelu(tensor(1.0, 2.0), tensor(1.0, 1.0)));
    }

    private static double[] numbers(List<String> line) {
        return line.stream()
                .skip(2)
                .mapToDouble(number -> switch (number) {
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    case "nan" -> Double.NaN;
                    default -> Double.parseDouble(number);
                })
                .toArray();
    }
}
