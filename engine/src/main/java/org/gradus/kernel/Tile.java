package org.gradus.kernel;

/// A kernel that computes small blocks of a sum of products, one after the other, each so many rows times a few vectors of
/// columns, in registers: `c[i, j] = sum of a[i, t] b[t, j]` over three nested loops `t`. Every product of matrices and every
/// convolution is made of such blocks; [TileForm] says what one is made for, and [TileSet] where its sums go.
@FunctionalInterface
interface Tile {
    /// Computes some blocks that share `b`.
    ///
    /// @param arrays `a`, whose elements are broadcast, and `b`, whose vectors are loaded
    /// @param result the array that is written
    /// @param outer how often the outermost loop runs
    /// @param middle the same for the middle one
    /// @param inner the same for the innermost one
    /// @param a where the first element of `a` lies
    /// @param b where the first vector of `b` lies
    /// @param c where the first block begins
    /// @param cStep the distance between a block's rows
    /// @param continued above 0 if sums begin with what the result holds
    /// @param count the blocks
    /// @param aNext how far behind one block's `a` the next one's lies
    /// @param cNext how far behind one block the next one begins
    void run(
            Object[] arrays,
            Object result,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int continued,
            int count,
            int aNext,
            int cNext);
}
