package org.gradus.kernel;

/// What tests outside of this package ask about kernels.
public final class Kernels {
    private Kernels() {}

    /// How many were made since the start of the program.
    public static long made() {
        return KernelClass.defined();
    }
}
