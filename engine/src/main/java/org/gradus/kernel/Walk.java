package org.gradus.kernel;

/// How far apart the elements of an operand lie that follow each other in a sum of products, which is three loops deep:
/// the distance for one step of the outer, the middle and the inner loop.
///
/// For a matrix product only the inner loop counts; for a convolution the loops run over the kernel's rows, the
/// kernel's columns and the channels.
record Walk(int outer, int middle, int inner) {
    /// The walk of one loop.
    static Walk by(int inner) {
        return new Walk(0, 0, inner);
    }
}
