package org.gradus.kernel;

/// A piece of work on arrays, ready to run: an object of a small hidden class made by a [KernelClass].
///
/// Running allocates nothing, once compiled. What differs from one use to the next (arrays, offsets, sizes) is an
/// argument; what shapes the code (bodies, constants, access patterns, types) is built in. Several threads may run
/// the same kernel at once, over different parts of the result.
public abstract class Kernel {
    /// Does the work for one range.
    ///
    /// @param arrays the arrays, in the order that the kernel's maker states
    /// @param numbers offsets, sizes and strides, in the order that the kernel's maker states
    /// @param from where the range begins
    /// @param to where the range ends, exclusive
    public abstract void run(Object[] arrays, int[] numbers, int from, int to);
}
