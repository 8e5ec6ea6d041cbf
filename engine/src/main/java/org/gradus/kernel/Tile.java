package org.gradus.kernel;

/// A kernel that computes one small block of a sum of products, its rows times a few vectors of columns, in registers:
/// `c[i, j] = sum of a[i, t] b[t, j]` over three nested loops `t`. Every product of matrices and every convolution is
/// made of such blocks; [TileForm] says what one is made for.
@FunctionalInterface
interface Tile {
    /// In place of `continued`: nothing is computed.
    int IDLE = -1;

    /// Computes one block.
    ///
    /// @param arrays `a`, whose elements are broadcast; `b`, whose vectors are loaded; `c`, which is written; and the
    ///     bias, where the form's epilogue has one
    /// @param outer how often the outermost loop runs
    /// @param middle the same for the middle one
    /// @param inner the same for the innermost one
    /// @param a where the first element of `a` lies
    /// @param b where the first vector of `b` lies
    /// @param c where the block begins
    /// @param cStep the distance between its rows
    /// @param last how many lanes of the last vector there are, if the form is ragged
    /// @param bias where the first column's bias lies
    /// @param continued above 0 if sums begin with what `c` holds, where the form allows that; [#IDLE] if there is
    ///     nothing to do
    void run(
            Object[] arrays,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int last,
            int bias,
            int continued);
}
