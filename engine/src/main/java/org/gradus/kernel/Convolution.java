package org.gradus.kernel;

import org.gradus.base.Type;

/// The sizes of a convolution over up to three spatial axes, and the kernels for it and its two gradients.
///
/// Everything is channels-last: the input is `[batch, depth, height, width, in]`, the weight
/// `[depth taps, height taps, width taps, in / groups, out]`, the result `[batch, windows…, out]`. Fewer axes are
/// [Axis#NONE] in front.
///
/// @param precise whether all products are summed as they are, and never by [Winograd]'s method
public record Convolution(
        int batch, int in, int out, int groups, Axis depth, Axis height, Axis width, boolean precise) {
    /// One that is not precise.
    public Convolution(int batch, int in, int out, int groups, Axis depth, Axis height, Axis width) {
        this(batch, in, out, groups, depth, height, width, false);
    }

    /// A convolution over images.
    public static Convolution of(int batch, int in, int out, Axis height, Axis width) {
        return new Convolution(batch, in, out, 1, Axis.NONE, height, width);
    }

    /// The same in groups of channels that do not see each other.
    public Convolution grouped(int count) {
        return new Convolution(batch, in, out, count, depth, height, width, precise);
    }

    /// The same for another batch. Its kernels are the same.
    public Convolution withBatch(int count) {
        return new Convolution(count, in, out, groups, depth, height, width, precise);
    }

    /// The same, precise or not.
    public Convolution precise(boolean wanted) {
        return new Convolution(batch, in, out, groups, depth, height, width, wanted);
    }

    /// The result: takes the input and the weight.
    public Contraction forward(Type type, int lanes, Epilogue epilogue) {
        Winograd method = Winograd.of(this, type);
        return method == null
                ? Correlation.forward(this, type, lanes, epilogue)
                : new WinogradCorrelation(method, this, false, lanes, epilogue);
    }

    /// The gradient of the input: takes the result's gradient and the weight.
    public Contraction inputGradient(Type type, int lanes) {
        Winograd method = Winograd.of(this, type);
        if (method != null) {
            return new WinogradCorrelation(method, this, true, lanes, Epilogue.NONE);
        }
        return Scattering.pays(this) ? new Scattering(this, type, lanes) : Correlation.inputGradient(this, type, lanes);
    }

    /// The gradient of the weight: takes the input and the result's gradient.
    public Contraction weightGradient(Type type, int lanes) {
        Winograd method = Winograd.of(this, type);
        return method == null ? new WeightGradient(this, type, lanes) : new WinogradWeightGradient(method, this, lanes);
    }

    /// How it is computed where that is not tap by tap, such as `Winograd F(4x4, 3x3)`; else empty.
    public String method(Type type) {
        Winograd method = Winograd.of(this, type);
        return method == null ? "" : method.toString();
    }

    /// The multiplications and additions in each of them, padding included.
    public long flops() {
        return 2L * batch * windows() * out * taps() * (in / groups);
    }

    int taps() {
        return depth.kernel() * height.kernel() * width.kernel();
    }

    int windows() {
        return depth.windows() * height.windows() * width.windows();
    }

    int pixels() {
        return depth.size() * height.size() * width.size();
    }
}
