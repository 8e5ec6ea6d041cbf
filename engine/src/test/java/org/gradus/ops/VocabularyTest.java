package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.ops.Expect.close;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Functions that bring numbers or types of their own: they must take those of their input, and give under a trace the
/// type that they have eagerly.
class VocabularyTest {
    private static final Map<String, UnaryOperator<Tensor>> SQUARES = new TreeMap<>(Map.ofEntries(
            Map.entry("all", x -> Reductions.all(x, 1)),
            Map.entry("avgPool", x -> Pooling.avgPool(image(x), Pooling.geometry(image(x), 2, 1, 1), false, true)),
            Map.entry("adaptiveAvgPool", x -> Pooling.adaptiveAvgPool(image(x), 2, 5)),
            Map.entry("adaptiveMaxPool", x -> Pooling.adaptiveMaxPool(image(x), 2, 2)),
            Map.entry("cosineSimilarity", x -> Distances.cosineSimilarity(x, x.squared(), 1, 1e-8)),
            Map.entry(
                    "fold", x -> Patches.fold(x.reshape(1, 1, 9), Pooling.geometry(image(x), 1, 1, 0), Shape.of(3, 3))),
            Map.entry("normPool", x -> Pooling.normPool(image(x), Pooling.geometry(image(x), 2, 1, 0), 2, true)),
            Map.entry("pad", x -> Padding.REFLECT.around(x, List.of(2), List.of(1))),
            Map.entry("resize", x -> Resizing.linear(image(x), true, 5, 2)),
            Map.entry("resizeNearest", x -> Resizing.nearest(image(x), 5, 2)),
            Map.entry(
                    "standardize", x -> Standardization.standardize(x, 1e-5, 1).values()),
            Map.entry("unfold", x -> Patches.unfold(image(x), Pooling.geometry(image(x), 2, 1, 1))),
            Map.entry("countNonzero", x -> Reductions.countNonzero(x)),
            Map.entry("cumprod", x -> Scans.cumprod(x, 1, true, true)),
            Map.entry("cumsum", x -> Scans.cumsum(x, 0, true, false)),
            Map.entry("det", Linalg::det),
            Map.entry("diagEmbed", Views::diagEmbed),
            Map.entry("einsum", x -> Einsum.einsum("ij,jk,kk->ki", x, x, x)),
            Map.entry("inverse", Linalg::inverse),
            Map.entry("lerp", x -> Elementwise.lerp(x, x.squared(), 0.3)),
            Map.entry(
                    "linspace",
                    x -> x.plus(Constants.linspace(x.tracer(), x.type().type(), 0, 1, 3))),
            Map.entry("logdet", Linalg::logdet),
            Map.entry("logSumExp", x -> Reductions.logSumExp(x, 0)),
            Map.entry("max", x -> Reductions.max(x, 1).values()),
            Map.entry("maxPool", x -> Pooling.maxPool(image(x), 2, 1, 1)),
            Map.entry("nanToNum", Logic::nanToNum),
            Map.entry("norm0", x -> Reductions.norm(x, 0, 1)),
            Map.entry("norm3", x -> Reductions.norm(x, 3)),
            Map.entry("oneHot", x -> Indexing.oneHot(Reductions.argmax(x, 1), 4, 0)),
            Map.entry("quantile", x -> Sorting.quantile(x, 0.3, 0)),
            Map.entry("scatterAdd", x -> Indexing.scatterAdd(x, 0, Sorting.argsort(x, 0), x)),
            Map.entry("solve", x -> Linalg.solve(x, Reductions.sum(x, 1))),
            Map.entry("std", x -> Reductions.std(x, 1, 0)),
            Map.entry("take", x -> Indexing.take(x, Reductions.argmin(x, 0))),
            Map.entry("topk", x -> Sorting.topk(x, 2, 1).values()),
            Map.entry("trace", Linalg::trace),
            Map.entry("tril", x -> Views.tril(x, 1)),
            Map.entry("where", x -> Logic.where(Logic.isFinite(x), x, 0)),
            Map.entry("crossEntropy", x -> CrossEntropy.crossEntropy(x, Constants.arange(x.tracer(), Type.INT64, 3)))));

    static Stream<String> names() {
        return Stream.concat(SQUARES.keySet().stream(), ActivationsTest.ALL.keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("names")
    void typesFollowTheInput(String name) {
        UnaryOperator<Tensor> f = SQUARES.containsKey(name) ? SQUARES.get(name) : ActivationsTest.ALL.get(name);
        Tensor x = Eager.tensor(Shape.of(3, 3), 2.0, 0.5, -0.25, 0.75, 3.0, 0.125, -0.5, 1.0, 4.0);
        Tensor y = f.apply(x);
        Tensor single = f.apply(x.to(Type.FLOAT32));
        Type type = y.type().type() == Type.FLOAT64 ? Type.FLOAT32 : y.type().type();
        assertThat(single.type()).isEqualTo(new TensorType(type, y.shape()));
        close(single, 1e-5, y.array().toDoubles());
        for (Tensor eager : List.of(x, x.to(Type.FLOAT32))) {
            Tensor traced = f.apply(new Trace().input("x", eager.type()));
            assertThat(traced.type()).isEqualTo(f.apply(eager).type());
        }
    }

    private static Tensor image(Tensor x) {
        return x.reshape(1, 1, 3, 3);
    }
}
