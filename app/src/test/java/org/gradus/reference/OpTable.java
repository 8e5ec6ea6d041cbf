package org.gradus.reference;

import static org.gradus.ops.Elementwise.pow;
import static org.gradus.ops.Products.matmul;
import static org.gradus.reference.FunctionCheck.function;
import static org.gradus.reference.FunctionCheck.several;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.gradus.ops.Einsum;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Functions;
import org.gradus.ops.Indexing;
import org.gradus.ops.Linalg;
import org.gradus.ops.Logic;
import org.gradus.ops.Products;
import org.gradus.ops.Reductions;
import org.gradus.ops.Scans;
import org.gradus.ops.Selection;
import org.gradus.ops.Sorting;
import org.gradus.ops.Views;

/// Cases of kind `op`, of tensors `a`, `b` ….
final class OpTable {
    static final Map<String, Check> TABLE = new HashMap<>();

    static {
        broadcast("add", Tensor::plus);
        broadcast("sub", Tensor::minus);
        broadcast("mul", Tensor::times);
        broadcast("div", Tensor::div);
        broadcast("maximum", Elementwise::maximum);
        broadcast("minimum", Elementwise::minimum);
        broadcast("atan2", Functions::atan2);
        broadcast("hypot", Functions::hypot);
        broadcast("logaddexp", Functions::logAddExp);
        two("pow_tensor", Elementwise::pow);
        two("maximum_ties", Elementwise::maximum);
        one("pow_int_negbase", a -> pow(a, 3));
        put("where", function(in -> Logic.where(in.get("c"), in.get("a"), in.get("b"))));
        put("lerp", function(in -> Elementwise.lerp(in.get("a"), in.get("b"), in.get("w"))));

        two("matmul", Products::matmul);
        two("matmul_batch", Products::matmul);
        two("matmul_bcast", Products::matmul);
        two("matmul_vec", Products::matmul);
        two("matmul_vecmat", Products::matmul);
        two("dot", Products::dot);
        two("kron", Products::kron);
        put("addmm", function(in -> Products.addmm(in.get("c"), in.get("a"), in.get("b"), 0.5, 2)));
        two("einsum_bij_bjk", (a, b) -> Einsum.einsum("bij,bjk->bik", a, b));
        one("einsum_trace", a -> Einsum.einsum("ii->", a));
        two("einsum_outer", (a, b) -> Einsum.einsum("i,j->ij", a, b));
        one("matrix_of_matT", a -> matmul(a, a.transposed()));

        overAxes("sum", Reductions::sum);
        overAxes("mean", Reductions::mean);
        overAxes("amax", Reductions::amax);
        overAxes("amin", Reductions::amin);
        overAxes("logsumexp", Reductions::logSumExp);
        overAxes("norm2", (a, axes) -> Reductions.norm(a, 2, axes));
        overAxes("norm1", (a, axes) -> Reductions.norm(a, 1, axes));
        overAxes("var", (a, axes) -> Reductions.var(a, 1, axes));
        overAxes("std", (a, axes) -> Reductions.std(a, 1, axes));
        overAxes("var_biased", (a, axes) -> Reductions.var(a, 0, axes));
        one("amax_ties", a -> Reductions.amax(a, 1));
        one("max_dim_ties", a -> Reductions.max(a, 1).values());
        one("prod", a -> Reductions.prod(a, 1));
        one("prod_zeros", a -> Reductions.prod(a, 1));
        one("norm2_at_zero", a -> Reductions.norm(a, 2, 1));
        one("cumsum", a -> Scans.cumsum(a, 1));
        one("cumprod", a -> Scans.cumprod(a, 1));

        one("transpose", a -> Views.transpose(a, 0, 2));
        one("permute_reshape", a -> a.permute(2, 0, 1).reshape(4, 6));
        one("slice_step", a -> Views.slice(Views.slice(a, 0, 1, 4), 1, 0, 7, 2));
        two("cat", (a, b) -> Views.concat(1, a, b, a));
        two("stack", (a, b) -> Views.stack(1, a, b));
        put("split", several(in -> Views.split(in.get("a"), 1, 2, 1, 3)));
        one("expand", a -> a.broadcastTo(Shape.of(5, 3, 4)));
        one("repeat", a -> Views.repeat(a, 2, 3));
        one("flip", a -> Views.flip(a, 0, 1));
        one("roll", a -> Views.roll(a, 1, 2));
        one("tril", a -> Views.tril(a, -1));
        one("diag", Views::diagonal);

        put("index_select_dups", function(in -> Indexing.indexSelect(in.get("a"), 0, in.get("i"))));
        put("gather", function(in -> Indexing.gather(in.get("a"), 1, in.get("i"))));
        put("scatter_add", function(in -> Indexing.scatterAdd(in.get("a"), 1, in.get("i"), in.get("b"))));
        put("masked_fill", function(in -> Indexing.maskedFill(in.get("a"), in.get("m"), -7)));
        put(
                "masked_select",
                function(in -> Indexing.maskedSelect(in.get("a"), in.get("m"))).eagerOnly());
        put("sort", several(in -> both(Sorting.sort(in.get("a"), 1))));
        put("topk", several(in -> both(Sorting.topk(in.get("a"), 2, 1))));

        one("cholesky", a -> Linalg.cholesky(definite(a)));
        two("solve", Linalg::solve);
        one("inverse", Linalg::inverse);
        one("det", Linalg::det);
        one("logdet", Linalg::logdet);

        two("fanout_reuse", OpTable::fanOut);
        two("deep_chain", OpTable::chain);
    }

    private OpTable() {}

    private static void put(String op, Check check) {
        if (TABLE.put(op, check) != null) {
            throw new IllegalArgumentException("The table has `" + op + "` twice.");
        }
    }

    private static void one(String op, UnaryOperator<Tensor> function) {
        put(op, function("a", function));
    }

    private static void two(String op, BinaryOperator<Tensor> function) {
        put(op, function(function));
    }

    /// With shapes that broadcast in every way.
    private static void broadcast(String op, BinaryOperator<Tensor> function) {
        for (String shapes : List.of("", "_row", "_col", "_outer", "_scalar", "_3d")) {
            two(op + shapes, function);
        }
    }

    /// Over all axes, one, and two.
    private static void overAxes(String op, BiFunction<Tensor, int[], Tensor> function) {
        one(op + "_dimall", a -> function.apply(a, new int[0]));
        one(op + "_dim0", a -> function.apply(a, new int[] {0}));
        one(op + "_dim1", a -> function.apply(a, new int[] {1}));
        one(op + "_dim0_2", a -> function.apply(a, new int[] {0, 2}));
    }

    private static List<Tensor> both(Selection selection) {
        return List.of(selection.values(), selection.indices());
    }

    /// The positive definite a aᵀ + 4 I.
    private static Tensor definite(Tensor a) {
        Tensor square = matmul(a, a.transposed());
        return square.plus(Views.diagEmbed(Views.diagonal(square).times(0).plus(4)));
    }

    /// s s + sin(s) a + sum(s) b, with s = a b + a.
    private static Tensor fanOut(Tensor a, Tensor b) {
        Tensor s = a.times(b).plus(a);
        return s.times(s).plus(Functions.sin(s).times(a)).plus(s.sum().times(b));
    }

    /// v = tanh(v b + 0.1), fifty times.
    private static Tensor chain(Tensor a, Tensor b) {
        Tensor v = a;
        for (int i = 0; i < 50; i++) {
            v = v.times(b).plus(0.1).tanh();
        }
        return v;
    }
}
