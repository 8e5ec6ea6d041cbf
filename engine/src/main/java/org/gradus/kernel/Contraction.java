package org.gradus.kernel;

import org.gradus.base.Type;

/// A product of matrices or a convolution, not yet bound to arrays. The plan asks for its workspace first.
public interface Contraction {
    /// What a part must at least be worth, to be handed to another thread: some ten microseconds.
    long FLOPS_OF_PART = 1 << 20;

    /// The elements of workspace that it needs.
    int workspace();

    /// How many phases, the first ones, depend on the second operand alone. As long as that stays as it is, and the array that
    /// is kept, these need not run again.
    default int standing() {
        return 0;
    }

    /// The elements that these phases write: as many of the workspace, or of an array of their own.
    default int kept() {
        return 0;
    }

    /// Binds the kernel to its arrays, `float[]` or `double[]`.
    ///
    /// @param arrays two operands, the result, the bias (or anything, where there is none) and the workspace; behind it perhaps
    ///     an array for the [#kept] elements, by which the workspace is then shorter
    /// @param offsets where each of them begins
    Work bind(Object[] arrays, int[] offsets);

    /// Has HotSpot compile, in the background, what all of them begin with. It takes about as long as tracing and planning.
    static void prepare(Type type) {
        Block.prepare(type);
    }
}
