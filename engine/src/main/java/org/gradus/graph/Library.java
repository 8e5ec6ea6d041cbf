package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// Algorithms that no other family can say. Matrices are the last two axes; leading axes are a batch.
public sealed interface Library extends Op {
    /// The elements along an axis in order, and where they were (`int64`). Stable; NaN counts as largest.
    record Sort(int axis, boolean descending) implements Library {
        @Override
        public String name() {
            return "sort";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            Check.axis(this, inputs.get(0).shape(), axis);
            return List.of(inputs.get(0), inputs.get(0).with(Type.INT64));
        }
    }

    /// The lower triangular `L` with `L Lᵀ = A`, for a positive definite `A [batch…, n, n]`, of which the symmetric part
    /// `(A + Aᵀ) / 2` is taken.
    record Cholesky() implements Library {
        @Override
        public String name() {
            return "cholesky";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            square(this, inputs.get(0));
            return inputs;
        }
    }

    /// `X` with `A X = B`, for `A [batch…, n, n]` and `B [batch…, n, k]`, by elimination with row pivots.
    record Solve() implements Library {
        @Override
        public String name() {
            return "solve";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.floating(this, inputs);
            square(this, inputs.get(0));
            Shape a = inputs.get(0).shape();
            Shape b = inputs.get(1).shape();
            boolean fits = a.rank() == b.rank() && a.part(0, a.rank() - 1).equals(b.part(0, b.rank() - 1));
            if (!fits) {
                throw new GradusException(
                        "solve-shapes",
                        name() + ": a matrix " + a + " and right-hand sides " + b
                                + " must agree in all axes but the last. Give [batch…, n, n] and [batch…, n, k].");
            }
            return List.of(inputs.get(1));
        }
    }

    /// The sign of the determinant (-1, 0 or 1) and the logarithm of its absolute value, for `A [batch…, n, n]`.
    record SignLogDet() implements Library {
        @Override
        public String name() {
            return "slogdet";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            TensorType a = inputs.get(0);
            square(this, a);
            TensorType each = a.with(a.shape().part(0, a.shape().rank() - 2));
            return List.of(each, each);
        }
    }

    private static void square(Library op, TensorType a) {
        Check.floating(op, List.of(a));
        Check.rank(op, "the matrix", a.shape(), 2);
        if (a.shape().size(-1) != a.shape().size(-2)) {
            throw new GradusException(
                    "square",
                    op.name() + ": the matrix must be square, but is " + a.shape()
                            + ". For least squares with a tall matrix A, solve with AᵀA.");
        }
    }
}
