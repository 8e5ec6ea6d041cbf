package org.gradus.reference;

import org.gradus.base.Array;

/// Numbers that were computed in `float32`, held against those of `float64`.
///
/// How much a computation amplifies rounding is measured by PyTorch's own run in `float32`: it rounds about as often, in
/// other places. Both errors are sums of as many roundings with the same weights, so they are of the same size up to
/// chance. Allowed is what a sum of random signs exceeds once in some billions: 6 deviations, where PyTorch's largest
/// error counts as one. Where that happens to be small, a few units in the last place of the largest number do.
///
/// Columns are judged on their own, for one that blows up must not excuse the others. What `float32` had no number for
/// in PyTorch's run, after an overflow, is not judged.
final class Float32 {
    private static final double DEVIATIONS = 6;
    private static final double FEW_ULPS = 4 * 0x1p-24;

    private Float32() {}

    /// Throws unless they agree.
    ///
    /// @param what is compared, for the message
    /// @param exact what PyTorch computed in `float64`
    /// @param rounded what PyTorch computed in `float32`
    /// @param found what was computed in `float32`
    static void equal(String what, Array exact, Array rounded, Array found) {
        int columns = exact.shape().rank() == 2 ? exact.shape().size(1) : 1;
        for (int column = 0; column < columns; column++) {
            double error = 0;
            double largest = 0;
            for (int i = column; i < exact.count(); i += columns) {
                if (Double.isFinite(rounded.get(i))) {
                    error = Math.max(error, Math.abs(rounded.get(i) - exact.get(i)));
                    largest = Math.max(largest, Math.abs(exact.get(i)));
                }
            }
            double allowed = DEVIATIONS * Math.max(error, FEW_ULPS * largest);
            for (int i = column; i < exact.count(); i += columns) {
                if (Double.isFinite(rounded.get(i)) && !(Math.abs(found.get(i) - exact.get(i)) <= allowed)) {
                    throw new AssertionError(what + ", element " + i + ": " + found.get(i) + " instead of "
                            + exact.get(i) + ", where an error of " + allowed + " is allowed.");
                }
            }
        }
    }
}
