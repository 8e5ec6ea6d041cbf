package org.gradus.autodiff;

import static org.gradus.autodiff.OpCase.kinked;
import static org.gradus.autodiff.OpCase.of;
import static org.gradus.autodiff.OpCase.unary;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Contract;
import org.gradus.graph.Definition;
import org.gradus.graph.Geometry;
import org.gradus.graph.Named;
import org.gradus.graph.Scan;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.graph.Window;
import org.gradus.ops.Activations;
import org.gradus.ops.CrossEntropy;
import org.gradus.ops.Distances;
import org.gradus.ops.Einsum;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Indexing;
import org.gradus.ops.Linalg;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Logic;
import org.gradus.ops.Padding;
import org.gradus.ops.Patches;
import org.gradus.ops.Pooling;
import org.gradus.ops.Products;
import org.gradus.ops.Reductions;
import org.gradus.ops.Resizing;
import org.gradus.ops.Scans;
import org.gradus.ops.Softmax;
import org.gradus.ops.Sorting;
import org.gradus.ops.Standardization;
import org.gradus.ops.Views;

/// The table of differentiable ops. Adding an op adds a row.
final class OpCases {
    private OpCases() {}

    static Stream<OpCase> all() {
        return Stream.of(
                        elementwise(),
                        activations(),
                        reductions(),
                        views(),
                        contractions(),
                        pictures(),
                        lookups(),
                        matrices())
                .flatMap(table -> table);
    }

    private static Stream<OpCase> elementwise() {
        return Stream.of(
                pair("add", Tensor::plus),
                pair("sub", Tensor::minus),
                pair("mul", Tensor::times),
                pair("div", Tensor::div).within(0.5, 2),
                pair("maximum", Elementwise::maximum).apart(),
                pair("minimum", Elementwise::minimum).apart(),
                pair("remainder", Elementwise::remainder).apart(),
                pair("floor-divide", Elementwise::floorDivide).apart(),
                pair("pow", Elementwise::pow).within(0.5, 2),
                pair("atan2", Functions::atan2).within(0.3, 2),
                pair("hypot", Functions::hypot).within(0.3, 2),
                pair("log-add-exp", Functions::logAddExp),
                of(
                        "lerp",
                        List.of(Shape.of(3), Shape.of(3), Shape.of(3)),
                        x -> Elementwise.lerp(x.get(0), x.get(1), x.get(2))),
                unary("add-number", -1, 1, x -> x.plus(2).minus(0.5).times(3).div(7)),
                unary("pow-number", 0.3, 2, x -> Elementwise.pow(x, 2.5)),
                unary("cube", -2, 2, Elementwise::cube),
                unary("square", -2, 2, Tensor::squared),
                unary("neg", -2, 2, Tensor::negated),
                unary("reciprocal", 0.5, 2, Elementwise::reciprocal),
                unary("sqrt", 0.3, 3, Tensor::sqrt),
                unary("rsqrt", 0.5, 3, Elementwise::rsqrt),
                unary("exp", -2, 2, Tensor::exp),
                unary("expm1", -2, 2, Elementwise::expm1),
                unary("log", 0.3, 3, Tensor::log),
                unary("log1p", -0.5, 3, Elementwise::log1p),
                unary("log2", 0.3, 3, Elementwise::log2),
                unary("log10", 0.3, 3, Elementwise::log10),
                unary("sin", -4, 4, Functions::sin),
                unary("cos", -4, 4, Functions::cos),
                unary("tan", -1, 1, Functions::tan),
                unary("asin", -0.8, 0.8, Functions::asin),
                unary("acos", -0.8, 0.8, Functions::acos),
                unary("atan", -3, 3, Functions::atan),
                unary("sinh", -2, 2, Functions::sinh),
                unary("cosh", -2, 2, Functions::cosh),
                unary("tanh", -2, 2, Tensor::tanh),
                unary("asinh", -3, 3, Functions::asinh),
                unary("acosh", 1.5, 4, Functions::acosh),
                unary("atanh", -0.7, 0.7, Functions::atanh),
                unary("erf", -2, 2, Functions::erf),
                unary("erfc", -2, 2, Functions::erfc),
                unary("lgamma", 0.6, 4, Functions::lgamma),
                unary("digamma", 0.8, 4, Functions::digamma),
                kinked("abs", Elementwise::abs),
                kinked("sign", Elementwise::sign),
                kinked("floor", Elementwise::floor),
                kinked("ceil", Elementwise::ceil),
                kinked("round", Elementwise::round),
                kinked("trunc", Elementwise::trunc),
                kinked("clamp", x -> Elementwise.clamp(x, -0.75, 0.8)),
                kinked("nan-to-num", Logic::nanToNum),
                kinked("where", x -> Logic.where(Logic.less(x, 0.25), x.exp(), x.squared())),
                pair("where-masks", (a, b) -> Logic.where(Logic.greater(a, b), a.times(b), a.plus(b)))
                        .apart());
    }

    private static Stream<OpCase> activations() {
        return Stream.of(
                kinked("relu", Activations::relu),
                kinked("relu6", x -> Activations.relu6(x.times(4.1))),
                kinked("hardtanh", x -> Activations.hardtanh(x, -1.2, 0.7)),
                kinked("leaky-relu", x -> Activations.leakyRelu(x, 0.1)),
                of("prelu", List.of(Shape.of(3, 4), Shape.of(1)), x -> Activations.prelu(x.get(0), x.get(1)))
                        .apart(),
                kinked("rrelu", x -> Activations.rrelu(x, 0.125, 1.0 / 3)),
                kinked("elu", x -> Activations.elu(x, 0.7)),
                kinked("selu", Activations::selu),
                kinked("celu", x -> Activations.celu(x, 1.5)),
                unary("gelu", -3, 3, Activations::gelu),
                unary("gelu-tanh", -3, 3, Activations::geluTanh),
                unary("silu", -3, 3, Activations::silu),
                unary("mish", -3, 3, Activations::mish),
                unary("sigmoid", -4, 4, Tensor::sigmoid),
                unary("log-sigmoid", -4, 4, Activations::logSigmoid),
                unary("softplus", -4, 4, x -> Activations.softplus(x, 1, 20)),
                kinked("softsign", Activations::softsign),
                kinked("hardsigmoid", x -> Activations.hardsigmoid(x.times(2.1))),
                kinked("hardswish", x -> Activations.hardswish(x.times(2.1))),
                kinked("hardshrink", x -> Activations.hardshrink(x, 0.5)),
                kinked("softshrink", x -> Activations.softshrink(x, 0.5)),
                unary("tanhshrink", -2, 2, Activations::tanhshrink),
                kinked("threshold", x -> Activations.threshold(x, 0.1, 20)));
    }

    private static Stream<OpCase> reductions() {
        Shape cube = Shape.of(2, 3, 4);
        return Stream.of(
                cube("sum", x -> x.sum()),
                cube("sum-axes", x -> x.exp().sum(0, 2)),
                cube("mean", x -> x.squared().mean(1)),
                cube("prod", x -> Reductions.prod(x)).within(0.5, 1.5),
                cube("prod-axis", x -> Reductions.prod(x, 1)),
                cube("prod-axes", x -> Reductions.prod(x, 0, 2)),
                cube("amax", x -> Reductions.amax(x, 0, 2)).apart(),
                cube("amin", x -> Reductions.amin(x)).apart(),
                cube("max", x -> Reductions.max(x, 1).values()).apart(),
                cube("min", x -> Reductions.min(x, -1).values()).apart(),
                cube("var", x -> Reductions.var(x, 1, 0, 2)),
                cube("std", x -> Reductions.std(x, 1, 2)),
                cube("log-sum-exp", x -> Reductions.logSumExp(x, 0, 2)),
                cube("norm1", x -> Reductions.norm(x, 1, 2)).apart(),
                cube("norm2", x -> Reductions.norm(x, 2, 1)),
                cube("norm3", x -> Reductions.norm(x, 3, 0, 1)).apart(),
                cube("norm-inf", x -> Reductions.norm(x, Double.POSITIVE_INFINITY, 2))
                        .apart(),
                cube(
                        "standardize",
                        x -> Standardization.standardize(x, 1e-5, 0, 2).values()),
                cube(
                        "standardize-mean",
                        x -> Standardization.standardize(x, 0.1, 1).mean()),
                cube(
                        "standardize-variance",
                        x -> Standardization.standardize(x, 0.1, 0, 2).variance()),
                of(
                        "standardize-scaled",
                        List.of(Shape.of(2, 3, 4), Shape.of(3, 1), Shape.of(3, 1)),
                        x -> Standardization.standardize(x.get(0), x.subList(1, 3), 0.1, 0, 2)
                                .values()),
                of(
                        "standardize-scaled-rows",
                        List.of(Shape.of(2, 3, 4), Shape.of(3, 4), Shape.of(4)),
                        x -> Standardization.standardize(x.get(0), x.subList(1, 3), 0.1, 1, 2)
                                .values()),
                cube("cosine-similarity", x -> Distances.cosineSimilarity(x, x.exp(), 1, 1e-8)),
                cube("pairwise-distance", x -> Distances.pairwiseDistance(x, x.exp(), 2, 1e-6)),
                cube("softmax", x -> Softmax.softmax(x, 1)),
                cube("log-softmax", x -> LogSoftmax.logSoftmax(x, -1)),
                of(
                        "cross-entropy",
                        List.of(Shape.of(3, 4)),
                        x -> CrossEntropy.crossEntropy(x.get(0), Eager.tensor(2L, 0L, 3L))),
                of("empty-sum", List.of(Shape.of(0, 3)), x -> x.get(0).sum(0)),
                of("scalar", List.of(Shape.SCALAR), x -> x.get(0).squared().sum()),
                new OpCase(
                        "defined",
                        true,
                        List.of(cube),
                        u -> u,
                        x -> Tracer.of(x).apply(new Named(new Doubled()), x).get(0)));
    }

    private static Stream<OpCase> views() {
        return Stream.of(
                cube("reshape", x -> x.squared().reshape(4, -1)),
                cube("permute", x -> x.squared().permute(2, 0, 1)),
                of("broadcast", List.of(Shape.of(3, 1)), x -> x.get(0).squared().broadcastTo(Shape.of(2, 3, 4))),
                cube("slice", x -> Views.slice(x.squared(), 2, 1, 4, 2)),
                cube("pad", x -> Views.pad(x.squared(), List.of(1, 0, 2), List.of(0, 1, 1), 3.5)),
                cube("flip", x -> Views.flip(x.squared(), 0, 2)),
                of(
                        "concat",
                        List.of(Shape.of(2, 3), Shape.of(2, 1)),
                        x -> Views.concat(
                                1, x.get(0), x.get(1).squared(), x.get(0).exp())),
                of(
                        "stack",
                        List.of(Shape.of(2, 3), Shape.of(2, 3)),
                        x -> Views.stack(1, x.get(0).exp(), x.get(1).squared())),
                cube("split", x -> Views.split(x.exp(), 2, 1, 3).get(1)),
                of("repeat", List.of(Shape.of(2, 2)), x -> Views.repeat(x.get(0).exp(), 2, 3)),
                cube("roll", x -> Views.roll(x.exp(), 1, 2)),
                of("tril", List.of(Shape.of(4, 4)), x -> Views.tril(x.get(0).exp(), 0)),
                of("triu", List.of(Shape.of(4, 4)), x -> Views.triu(x.get(0).exp(), 1)),
                of(
                        "diagonal",
                        List.of(Shape.of(3, 4)),
                        x -> Views.diagonal(x.get(0).exp())),
                of(
                        "diag-embed",
                        List.of(Shape.of(2, 3)),
                        x -> Views.diagEmbed(x.get(0).exp())));
    }

    private static Stream<OpCase> contractions() {
        Geometry wide = Geometry.of(List.of(3, 2))
                .strided(List.of(2, 1))
                .padded(List.of(1, 0), List.of(2, 1))
                .dilated(List.of(1, 2));
        Geometry pool = Geometry.of(List.of(3, 2)).strided(List.of(2, 1)).padded(List.of(1, 0), List.of(1, 1));
        Geometry line = Geometry.of(List.of(3)).padded(List.of(1), List.of(1));
        Geometry box = Geometry.of(List.of(2, 1, 2)).strided(List.of(1, 2, 1));
        Shape image = Shape.of(2, 4, 5, 6);
        Shape kernel = Shape.of(6, 2, 3, 2);
        Shape windows = Shape.of(2, 6).joined(wide.windows("test", Shape.of(5, 6)));
        return Stream.of(
                two("matmul", Shape.of(3, 4), Shape.of(4, 2), Tensor::matmul),
                two("matmul-left", Shape.of(4, 3), Shape.of(4, 2), op(new Contract.MatMul(true, false))),
                two("matmul-right", Shape.of(3, 4), Shape.of(2, 4), op(new Contract.MatMul(false, true))),
                two("matmul-both", Shape.of(4, 3), Shape.of(2, 4), op(new Contract.MatMul(true, true))),
                two("matmul-batch", Shape.of(2, 1, 3, 4), Shape.of(5, 4, 2), Tensor::matmul),
                two("matmul-vector", Shape.of(3, 4), Shape.of(4), Products::matmul),
                two("outer", Shape.of(3), Shape.of(4), Products::outer),
                two("kron", Shape.of(2, 2), Shape.of(2, 3), Products::kron),
                two("einsum", Shape.of(2, 3, 4), Shape.of(2, 4, 5), (a, b) -> Einsum.einsum("bij,bjk->ki", a, b)),
                two("conv1d", Shape.of(2, 3, 7), Shape.of(4, 3, 3), op(new Contract.Convolution(line, 1))),
                two("conv2d", image, kernel, op(new Contract.Convolution(wide, 2))),
                two("conv3d", Shape.of(1, 2, 3, 3, 3), Shape.of(3, 2, 2, 1, 2), op(new Contract.Convolution(box, 1))),
                two("conv2d-transposed", windows, kernel, op(new Contract.ConvolutionInput(wide, 2, Shape.of(5, 6)))),
                two("conv2d-weight", image, windows, op(new Contract.ConvolutionWeight(wide, 2))),
                of(
                                "max-pool",
                                List.of(image),
                                x -> Pooling.maxPool(x.get(0), pool, false).values())
                        .apart(),
                of(
                        "max-pool-input",
                        List.of(Shape.of(1, 2, 3)),
                        x -> one(
                                new Window.MaxPoolInput(
                                        Geometry.of(List.of(3)).padded(List.of(1), List.of(0)), Shape.of(4)),
                                x.get(0).exp(),
                                Eager.tensor(Shape.of(1, 2, 3), 1L, 1L, 3L, 0L, 2L, 1L)
                                        .to(x.get(0).type().type().integer()))),
                of(
                        "sum-pool",
                        List.of(image),
                        x -> one(new Window.SumPool(wide), x.get(0).exp())),
                of(
                        "sum-pool-input",
                        List.of(Shape.of(2, 3).joined(windows.part(2, 4))),
                        x -> one(
                                new Window.SumPoolInput(wide, Shape.of(5, 6)),
                                x.get(0).exp())));
    }

    private static Stream<OpCase> pictures() {
        Geometry window = Geometry.of(List.of(3, 2)).strided(List.of(2, 1)).padded(List.of(1, 0), List.of(1, 1));
        return Stream.of(
                picture("pad-reflect", x -> Padding.REFLECT.around(x.exp(), List.of(2, 1), List.of(0, 2))),
                picture("pad-replicate", x -> Padding.REPLICATE.around(x.exp(), List.of(2), List.of(3))),
                picture("pad-circular", x -> Padding.CIRCULAR.around(x.exp(), List.of(2), List.of(3))),
                picture("unfold", x -> Patches.unfold(x.exp(), window)),
                of(
                        "fold",
                        List.of(Shape.of(1, 6, 6)),
                        x -> Patches.fold(x.get(0).exp(), window, Shape.of(4, 3))),
                picture("resize-nearest", x -> Resizing.nearest(x.exp(), 3, 6)),
                picture("resize-linear", x -> Resizing.linear(x.exp(), false, 3, 5)),
                picture("norm-pool", x -> Pooling.normPool(x, window, 3, false)).within(0.3, 2),
                picture("adaptive-max-pool", x -> Pooling.adaptiveMaxPool(x, 3, 2))
                        .apart());
    }

    private static Stream<OpCase> lookups() {
        Tensor places = Eager.tensor(Shape.of(2, 2), 2L, 0L, 2L, 2L);
        return Stream.of(
                of(
                        "gather",
                        List.of(Shape.of(2, 3)),
                        x -> Indexing.gather(x.get(0).exp(), 1, places)),
                two(
                        "scatter-add",
                        Shape.of(2, 3),
                        Shape.of(2, 2),
                        (x, v) -> Indexing.scatterAdd(x.exp(), 1, places, v.exp())),
                of(
                        "index-select",
                        List.of(Shape.of(4, 3)),
                        x -> Indexing.indexSelect(x.get(0).exp(), 0, Eager.tensor(3L, 1L, 3L))),
                of(
                        "embedding",
                        List.of(Shape.of(4, 3)),
                        x -> Indexing.take(x.get(0).exp(), places)),
                of(
                        "masked-select",
                        List.of(Shape.of(4)),
                        x -> Indexing.maskedSelect(x.get(0).exp(), Eager.tensor(true, false, true, true))),
                cube("cumsum", x -> Scans.cumsum(x.exp(), 1)),
                cube("cumprod", x -> Scans.cumprod(x, 2)),
                cube("cum-log-sum-exp", x -> Scans.cumLogSumExp(x, 1)),
                two("recurrence", Shape.of(2, 5), Shape.of(2, 5), op(new Scan.Recurrence(1, false))),
                two("recurrence-reversed", Shape.of(5, 2), Shape.of(5, 2), op(new Scan.Recurrence(0, true))),
                of(
                        "cum-log-sum-exp-reversed",
                        List.of(Shape.of(2, 4)),
                        x -> one(new Scan.CumLogSumExp(1, true), x.get(0))),
                cube("sort", x -> Sorting.sort(x, 1).values()).apart(),
                cube("topk", x -> Sorting.topk(x, 2, 2).values()).apart());
    }

    private static Stream<OpCase> matrices() {
        Shape square = Shape.of(2, 3, 3);
        return Stream.of(
                of("cholesky", List.of(square), x -> Linalg.cholesky(positive(x.get(0)))),
                of(
                        "cholesky-raw",
                        List.of(Shape.of(3, 3)),
                        x -> Linalg.cholesky(x.get(0)
                                .plus(Eager.tensor(Shape.of(3, 3), 9, 0, 0, 0, 9, 0, 0, 0, 9.0)
                                        .to(x.get(0).type().type())))),
                two("solve", square, Shape.of(2, 3, 2), (a, b) -> Linalg.solve(positive(a), b)),
                of("inverse", List.of(square), x -> Linalg.inverse(positive(x.get(0)))),
                of("det", List.of(square), x -> Linalg.det(x.get(0))),
                of("logdet", List.of(square), x -> Linalg.logdet(positive(x.get(0)))),
                of("trace", List.of(Shape.of(3, 3)), x -> Linalg.trace(x.get(0).squared())));
    }

    /// A definition without rules, to check that derivatives come from it.
    private record Doubled() implements Definition {
        @Override
        public String name() {
            return "doubled";
        }

        @Override
        public List<Tensor> define(List<Tensor> inputs) {
            return List.of(inputs.get(0).times(inputs.get(0)).plus(inputs.get(0).exp()));
        }
    }

    private static Tensor positive(Tensor x) {
        int n = x.shape().size(-1);
        double[] eye = new double[n * n];
        for (int i = 0; i < n; i++) {
            eye[i * n + i] = 4;
        }
        return x.matmul(x.transposed())
                .plus(Eager.tensor(Shape.of(n, n), eye).to(x.type().type()));
    }

    private static OpCase cube(String name, java.util.function.UnaryOperator<Tensor> f) {
        return of(name, List.of(Shape.of(2, 3, 4)), x -> f.apply(x.get(0)));
    }

    private static OpCase picture(String name, java.util.function.UnaryOperator<Tensor> f) {
        return of(name, List.of(Shape.of(1, 2, 4, 3)), x -> f.apply(x.get(0)));
    }

    private static OpCase pair(String name, java.util.function.BinaryOperator<Tensor> f) {
        return two(name, Shape.of(2, 1, 3), Shape.of(4, 1), f);
    }

    private static OpCase two(String name, Shape a, Shape b, java.util.function.BinaryOperator<Tensor> f) {
        return of(name, List.of(a, b), x -> f.apply(x.get(0), x.get(1)));
    }

    private static java.util.function.BinaryOperator<Tensor> op(org.gradus.graph.Op op) {
        return (a, b) -> Tracer.of(List.of(a, b)).applyOne(op, a, b);
    }

    private static Tensor one(org.gradus.graph.Op op, Tensor... x) {
        return x[0].tracer().applyOne(op, x);
    }
}
