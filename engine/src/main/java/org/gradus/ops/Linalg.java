package org.gradus.ops;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Library;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;

/// Linear algebra. Matrices are the last two axes; leading axes are a batch.
public final class Linalg {
    private Linalg() {}

    /// A determinant that neither overflows nor vanishes.
    ///
    /// @param sign -1, 0 or 1
    /// @param logAbs the logarithm of the absolute value
    public record Determinant(Tensor sign, Tensor logAbs) {}

    /// The lower triangular `L` with `L Lᵀ = A`, for a positive definite `A`, of which the symmetric part is taken.
    ///
    /// @throws GradusException when the matrix is not square; when computed, if it is not positive definite
    public static Tensor cholesky(Tensor a) {
        return a.tracer().applyOne(new Library.Cholesky(), a);
    }

    /// `X` with `A X = B`: `A [batch…, n, n]` and `B [batch…, n, k]`, or vectors `[batch…, n]`.
    ///
    /// @throws GradusException when the shapes do not fit; when computed, if `A` is singular
    public static Tensor solve(Tensor a, Tensor b) {
        int rank = a.shape().rank();
        boolean vector = b.shape().rank() == rank - 1
                && (rank == 2 || b.shape().equals(a.shape().part(0, rank - 1)));
        if (vector) {
            return Views.squeeze(solve(a, Views.unsqueeze(b, -1)), -1);
        }
        if (rank < 2 || b.shape().rank() < 2) {
            throw new GradusException(
                    "solve-shapes",
                    "solve: takes matrices [batch…, n, n] and right-hand sides [batch…, n, k], but was given "
                            + a.described() + " and " + b.described() + ".");
        }
        Shape batch = batch(a).broadcast("solve", batch(b));
        Tensor wideA = a.broadcastTo(batch.joined(a.shape().part(rank - 2, rank)));
        Tensor wideB = b.broadcastTo(
                batch.joined(b.shape().part(b.shape().rank() - 2, b.shape().rank())));
        return Tracer.of(List.of(wideA, wideB)).applyOne(new Library.Solve(), wideA, wideB);
    }

    /// The inverse of square matrices.
    ///
    /// @throws GradusException when they are not square; when computed, if one is singular
    public static Tensor inverse(Tensor a) {
        int n = a.shape().size(-1);
        Tensor unit = Constants.eye(a.tracer(), a.type().type(), n);
        return solve(a, unit.broadcastTo(a.shape().with(-2, n)));
    }

    /// The sign and the logarithm of the absolute value of the determinant.
    public static Determinant slogdet(Tensor a) {
        List<Tensor> both = a.tracer().apply(new Library.SignLogDet(), List.of(a));
        return new Determinant(both.get(0), both.get(1));
    }

    /// The determinant. Its gradient, det(A) A⁻ᵀ, needs a matrix that is not singular.
    public static Tensor det(Tensor a) {
        Determinant determinant = slogdet(a);
        return determinant.sign().times(determinant.logAbs().exp());
    }

    /// The logarithm of the determinant; NaN where it is negative.
    public static Tensor logdet(Tensor a) {
        Determinant determinant = slogdet(a);
        return Logic.where(Logic.less(determinant.sign(), 0), Double.NaN, determinant.logAbs());
    }

    /// The sum of the main diagonal.
    public static Tensor trace(Tensor a) {
        return Views.diagonal(a).sum(-1);
    }

    private static Shape batch(Tensor x) {
        return x.shape().part(0, x.shape().rank() - 2);
    }
}
