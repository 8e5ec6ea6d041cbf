package org.gradus.ops;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Contract;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// Products of vectors and matrices. Convolutions are in [Convolutions].
public final class Products {
    private Products() {}

    /// The matrix product, with PyTorch's rules for vectors: one on the left counts as a row, one on the right as a
    /// column, and the axis that they lack is lacking in the result. Other leading axes are a batch and broadcast.
    ///
    /// @throws GradusException when a side is a scalar, or the inner sizes differ
    public static Tensor matmul(Tensor a, Tensor b) {
        boolean row = a.shape().rank() == 1;
        boolean column = b.shape().rank() == 1;
        Tensor product = (row ? Views.unsqueeze(a, 0) : a).matmul(column ? Views.unsqueeze(b, 1) : b);
        Tensor cut = column ? Views.squeeze(product, -1) : product;
        return row ? Views.squeeze(cut, column ? -1 : -2) : cut;
    }

    /// The scalar product of two vectors.
    ///
    /// @throws GradusException when they are not two vectors of one size
    public static Tensor dot(Tensor a, Tensor b) {
        vectors("dot", a, b);
        return matmul(a, b);
    }

    /// All products of an element of one vector with one of another: `[n]` and `[m]` give `[n, m]`.
    ///
    /// @throws GradusException when they are not two vectors
    public static Tensor outer(Tensor a, Tensor b) {
        vectors("outer", a, b);
        return Views.unsqueeze(a, 1).times(b);
    }

    /// `beta · x + alpha · (a · b)` for matrices `a` and `b`; `x` broadcasts.
    public static Tensor addmm(Tensor x, Tensor a, Tensor b, double beta, double alpha) {
        return scaled(x, beta).plus(scaled(matmul(a, b), alpha));
    }

    /// `x + a · b` for matrices `a` and `b`; `x` broadcasts.
    public static Tensor addmm(Tensor x, Tensor a, Tensor b) {
        return addmm(x, a, b, 1, 1);
    }

    /// The Kronecker product: each element of `a` replaced by itself times `b`. Missing leading axes count as 1.
    public static Tensor kron(Tensor a, Tensor b) {
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] outside = new int[2 * rank];
        int[] inside = new int[2 * rank];
        int[] joined = new int[rank];
        for (int i = 0; i < rank; i++) {
            outside[2 * i] = size(a, i - rank);
            outside[2 * i + 1] = 1;
            inside[2 * i] = 1;
            inside[2 * i + 1] = size(b, i - rank);
            joined[i] = outside[2 * i] * inside[2 * i + 1];
        }
        return a.reshape(Shape.of(outside)).times(b.reshape(Shape.of(inside))).reshape(Shape.of(joined));
    }

    /// `x · weightᵀ + bias`: `[…, in]` and `weight [out, in]` give `[…, out]`.
    ///
    /// @param bias `[out]`, or `null` for none
    /// @throws GradusException when the last axis of `x` is not `in`, or the bias not `[out]`
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        int rank = x.shape().rank();
        boolean fits = rank > 0
                && weight.shape().rank() == 2
                && weight.shape().size(1) == x.shape().size(-1)
                && (bias == null || bias.shape().equals(weight.shape().part(0, 1)));
        if (!fits) {
            throw new GradusException(
                    "linear-shapes",
                    "linear: takes an input […, in], a weight [out, in] and a bias [out], but the input is "
                            + x.described() + ", the weight " + weight.described()
                            + (bias == null ? "" : ", and the bias " + bias.described())
                            + ". Was the input flattened as it was when the weight was made?");
        }
        Shape rows = x.shape().part(0, rank - 1);
        Tensor flat = x.reshape(Shape.of(rows.count(), weight.shape().size(1)));
        Tensor product = Tracer.of(List.of(flat, weight)).applyOne(new Contract.MatMul(false, true), flat, weight);
        return (bias == null ? product : product.plus(bias))
                .reshape(rows.joined(weight.shape().part(0, 1)));
    }

    private static void vectors(String op, Tensor a, Tensor b) {
        if (a.shape().rank() != 1 || b.shape().rank() != 1) {
            throw new GradusException(
                    "vectors",
                    op + ": takes two vectors, but was given " + a.described() + ", and " + b.described()
                            + ". Flatten them, or use `matmul`.");
        }
    }

    private static Tensor scaled(Tensor x, double factor) {
        return factor == 1 ? x : x.times(factor);
    }

    private static int size(Tensor x, int axisFromEnd) {
        return -axisFromEnd > x.shape().rank() ? 1 : x.shape().size(axisFromEnd);
    }
}
