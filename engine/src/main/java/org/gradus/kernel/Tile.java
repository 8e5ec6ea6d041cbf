package org.gradus.kernel;

/// A kernel that computes one small block of a sum of products, its rows times a few vectors of columns, in registers:
/// `c[i, j] = sum of a[i, t] b[t, j]` over three nested loops `t`. Every product of matrices and every convolution is
/// made of such blocks; [TileForm] says what one is made for, and [TileSet] where its sums go.
@FunctionalInterface
interface Tile {
    /// In place of `continued`: nothing is computed.
    int IDLE = -1;

    /// Computes one block.
    ///
    /// @param arrays `a`, whose elements are broadcast, and `b`, whose vectors are loaded
    /// @param result the array that is written
    /// @param outer how often the outermost loop runs
    /// @param middle the same for the middle one
    /// @param inner the same for the innermost one
    /// @param a where the first element of `a` lies
    /// @param b where the first vector of `b` lies
    /// @param c where the block begins
    /// @param cStep the distance between its rows
    /// @param continued above 0 if sums begin with what the result holds; [#IDLE] if there is nothing to do
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
            int continued);
}
