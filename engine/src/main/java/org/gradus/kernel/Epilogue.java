package org.gradus.kernel;

/// What a contraction does to its finished sums while they are still in registers, just before it stores them: add a
/// bias, one number per column (output channel), then cut off what is negative. NaN stays NaN.
public record Epilogue(boolean bias, boolean relu) {
    /// Stores the sums as they are.
    public static final Epilogue NONE = new Epilogue(false, false);
}
