package org.gradus.kernel;

/// Arrays for intermediate values inside a kernel, one of each type for each thread. They grow and stay, so a kernel
/// that runs again allocates nothing. A kernel does not call another one while it uses its array.
final class Scratch {
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private float[] singles = {};
    private double[] doubles = {};

    private Scratch() {}

    /// At least this many floats, of any value. Called by emitted code.
    static float[] float32(int length) {
        Scratch own = OWN.get();
        if (own.singles.length < length) {
            own.singles = new float[length];
        }
        return own.singles;
    }

    /// At least this many doubles, of any value. Called by emitted code.
    static double[] float64(int length) {
        Scratch own = OWN.get();
        if (own.doubles.length < length) {
            own.doubles = new double[length];
        }
        return own.doubles;
    }
}
