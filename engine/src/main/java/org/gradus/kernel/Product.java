package org.gradus.kernel;

import java.util.concurrent.atomic.AtomicReference;
import org.gradus.base.Type;

/// The sizes and places of a product of matrices, `C [m, n] = op(A) [m, k] · op(B) [k, n]`, or of `batches` such
/// products. Everything is row-major; a transposed operand is stored the other way round.
///
/// @param aStep the distance between the rows of `A` as stored; likewise `bStep`, `cStep`
/// @param aBatch the distance between one product's `A` and the next one's; likewise `bBatch`, `cBatch`
/// @param accumulate whether the product is added to what `C` holds
public record Product(
        int m,
        int n,
        int k,
        boolean transposeA,
        boolean transposeB,
        int aStep,
        int bStep,
        int cStep,
        int batches,
        int aBatch,
        int bBatch,
        int cBatch,
        boolean accumulate,
        Epilogue epilogue) {
    private static final KernelCache<Product, AtomicReference<Product>> LONGEST =
            new KernelCache<>(AtomicReference::new);

    /// The product of two dense matrices.
    public static Product of(int m, int n, int k) {
        return of(m, n, k, false, false);
    }

    /// The product of two dense matrices, either of them stored transposed.
    public static Product of(int m, int n, int k, boolean transposeA, boolean transposeB) {
        return new Product(
                m,
                n,
                k,
                transposeA,
                transposeB,
                transposeA ? m : k,
                transposeB ? k : n,
                n,
                1,
                0,
                0,
                0,
                false,
                Epilogue.NONE);
    }

    /// The same many times, with these distances between the matrices.
    public Product batched(int count, int a, int b, int c) {
        return new Product(m, n, k, transposeA, transposeB, aStep, bStep, cStep, count, a, b, c, accumulate, epilogue);
    }

    /// The same with rows that lie further apart than they are long.
    public Product spaced(int a, int b, int c) {
        return new Product(
                m, n, k, transposeA, transposeB, a, b, c, batches, aBatch, bBatch, cBatch, accumulate, epilogue);
    }

    /// The same, added to what `C` holds.
    public Product accumulated() {
        return new Product(
                m, n, k, transposeA, transposeB, aStep, bStep, cStep, batches, aBatch, bBatch, cBatch, true, epilogue);
    }

    /// The same with something done to the sums before they are stored.
    public Product then(Epilogue last) {
        return new Product(
                m,
                n,
                k,
                transposeA,
                transposeB,
                aStep,
                bStep,
                cStep,
                batches,
                aBatch,
                bBatch,
                cBatch,
                accumulate,
                last);
    }

    /// The same with another number of rows, such as those of a shorter batch.
    public Product withRows(int rows) {
        return new Product(
                rows,
                n,
                k,
                transposeA,
                transposeB,
                aStep,
                bStep,
                cStep,
                batches,
                aBatch,
                bBatch,
                cBatch,
                accumulate,
                epilogue);
    }

    /// The kernel that suits its sizes, or those of the longest product like it that was asked for: so a shorter batch
    /// needs no kernel of its own.
    public Contraction kernel(Type type, int lanes) {
        return kernel(type, lanes, false);
    }

    /// The same.
    ///
    /// @param standing whether `B` seldom changes, so that it pays to have it packed; see [Contraction#standing]
    public Contraction kernel(Type type, int lanes, boolean standing) {
        Product like = longest();
        return !standing && TurnedGemm.pays(like)
                ? new TurnedGemm(this, like, type, lanes)
                : Gemm.of(this, like, n, standing, type, lanes);
    }

    /// Whether its kernel makes the transposed product, which stores sums as they are: an [Epilogue] changes that.
    public boolean isTurned() {
        return TurnedGemm.pays(longest());
    }

    /// One that differs in its rows at most, and has no fewer.
    private Product longest() {
        Product sort = (transposeA ? this : withRows(0)).batched(0, 0, 0, 0).then(Epilogue.NONE);
        return LONGEST.get(sort)
                .accumulateAndGet(this, (one, other) -> one.m > other.m ? one : other)
                .then(epilogue);
    }

    /// The multiplications and additions in it.
    public long flops() {
        return 2L * m * n * k * batches;
    }
}
