package org.gradus.kernel;

import org.gradus.base.Type;

/// The sizes of a convolution over up to three spatial axes, and the kernels for it and its two gradients.
///
/// Everything is channels-last: the input is `[batch, depth, height, width, in]`, the weight
/// `[depth taps, height taps, width taps, in / groups, out]`, the result `[batch, windows…, out]`. Fewer axes are
/// [Axis#NONE] in front.
public record Convolution(int batch, int in, int out, int groups, Axis depth, Axis height, Axis width) {
    /// A convolution over images.
    public static Convolution of(int batch, int in, int out, Axis height, Axis width) {
        return new Convolution(batch, in, out, 1, Axis.NONE, height, width);
    }

    /// The same in groups of channels that do not see each other.
    public Convolution grouped(int count) {
        return new Convolution(batch, in, out, count, depth, height, width);
    }

    /// The same for another batch. Its kernels are the same.
    public Convolution withBatch(int count) {
        return new Convolution(count, in, out, groups, depth, height, width);
    }

    /// The result: takes the input and the weight.
    public Contraction forward(Type type, int lanes, Epilogue epilogue) {
        return Correlation.forward(this, type, lanes, epilogue);
    }

    /// The gradient of the input: takes the result's gradient and the weight.
    public Contraction inputGradient(Type type, int lanes) {
        return Scattering.pays(this) ? new Scattering(this, type, lanes) : Correlation.inputGradient(this, type, lanes);
    }

    /// The gradient of the weight: takes the input and the result's gradient.
    public Contraction weightGradient(Type type, int lanes) {
        return new WeightGradient(this, type, lanes);
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
