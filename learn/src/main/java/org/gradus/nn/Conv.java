package org.gradus.nn;

import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Convolutions;
import org.gradus.ops.Padding;

/// A convolution (as everywhere in deep learning: a cross-correlation) over 1 to 3 spatial axes: `[batch, in,
/// spatial…]` to `[batch, out, windows…]`, where `in` follows from the input.
///
/// Parameters are `weight` `[out, in / groups, kernel…]` and `bias` `[out]`; both start uniform on ±1/√(in / groups ·
/// taps), as in PyTorch.
///
/// Start with a factory and change what differs: `Conv.conv2d(64, 3).stride(2).padding(1).withoutBias()`.
///
/// @param out the number of output channels
/// @param geometry how the kernel moves
/// @param same whether the padding follows from the input's size, so that there are `⌈size / stride⌉` windows
/// @param padding what the padding is made of
/// @param groups into how many parts channels are split; each has a convolution of its own
/// @param bias whether there is a bias
public record Conv(int out, Geometry geometry, boolean same, Padding padding, int groups, boolean bias)
        implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no outputs, or the groups do not share them evenly
    public Conv {
        Use.demand(out >= 1, "A Conv layer", "at least 1 output channel", out);
        Use.demand(
                groups >= 1 && out % groups == 0,
                "A Conv layer with " + out + " outputs",
                "groups to share them",
                groups);
    }

    /// Over `[batch, in, length]`.
    public static Conv conv1d(int out, int kernel) {
        return of(out, Axes.kernel(1, kernel));
    }

    /// Over `[batch, in, height, width]`.
    ///
    /// @param kernel one size, or height and width
    public static Conv conv2d(int out, int... kernel) {
        return of(out, Axes.kernel(2, kernel));
    }

    /// Over `[batch, in, depth, height, width]`.
    ///
    /// @param kernel one size, or depth, height and width
    public static Conv conv3d(int out, int... kernel) {
        return of(out, Axes.kernel(3, kernel));
    }

    /// With a geometry, such as one with other padding in front than behind.
    public static Conv of(int out, Geometry geometry) {
        return new Conv(out, geometry, false, Padding.ZEROS, 1, true);
    }

    /// With other steps between windows; one number, or one for each axis.
    public Conv stride(int... steps) {
        return new Conv(out, Axes.strided(geometry, steps), same, padding, groups, bias);
    }

    /// With padding at both ends; one number, or one for each axis.
    public Conv padding(int... both) {
        return new Conv(out, Axes.padded(geometry, both), false, padding, groups, bias);
    }

    /// With padding made of something else than zeros.
    public Conv padding(Padding mode) {
        return new Conv(out, geometry, same, mode, groups, bias);
    }

    /// With the padding that gives `⌈size / stride⌉` windows; see [Convolutions#same].
    public Conv samePadding() {
        return new Conv(out, geometry, true, padding, groups, bias);
    }

    /// With other distances between the kernel's taps; one number, or one for each axis.
    public Conv dilation(int... distances) {
        return new Conv(out, Axes.dilated(geometry, distances), same, padding, groups, bias);
    }

    /// With channels split into groups; as many as there are channels make it depthwise.
    public Conv groups(int parts) {
        return new Conv(out, geometry, same, padding, parts, bias);
    }

    /// Without a bias, as before a normalisation.
    public Conv withoutBias() {
        return new Conv(out, geometry, same, padding, groups, false);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, another number of channels than at first or one that the
    ///     groups do not share, or is smaller than the kernel
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = geometry.axes();
        Use use = new Use("Conv" + axes + "d", scope, x);
        use.rank(axes + 2, axes + 2, Axes.described(axes));
        int in = x.shape().size(1);
        if (in % groups != 0) {
            throw use.refused("needs channels that " + groups + " groups share evenly", "Channels are axis 1.");
        }
        int[] sizes = IntStream.concat(
                        IntStream.of(out, in / groups),
                        geometry.kernel().stream().mapToInt(k -> k))
                .toArray();
        Initial initial = Initialisers.torch(in / groups * geometry.taps());
        Tensor weight = use.parameter(in + " channels", "weight", Role.WEIGHT, initial, sizes);
        Tensor shift = bias ? scope.parameter("bias", Role.BIAS, initial, out) : null;
        Shape spatial = x.shape().part(2, axes + 2);
        Geometry padded = same ? Convolutions.same(geometry, spatial) : geometry;
        return padding == Padding.ZEROS
                ? Convolutions.convolve(x, weight, shift, padded, groups)
                : Convolutions.convolve(
                        padding.around(x, padded.before(), padded.after()),
                        weight,
                        shift,
                        Convolutions.valid(padded),
                        groups);
    }
}
