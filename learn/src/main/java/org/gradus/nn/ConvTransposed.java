package org.gradus.nn;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.Geometry;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Convolutions;

/// A transposed convolution over 1 to 3 spatial axes, which undoes the shape of a [Conv] with the same geometry: `[batch,
/// in, windows…]` to `[batch, out, spatial…]`, where `in` follows from the input and `spatial = (windows - 1) stride - 2
/// padding + dilation (kernel - 1) + 1 + outputPadding`.
///
/// Parameters are `weight` `[in, out / groups, kernel…]` and `bias` `[out]`; both start uniform on ±1/√(out / groups ·
/// taps), as in PyTorch.
///
/// @param out the number of output channels
/// @param geometry how the kernel moves
/// @param outputPadding per spatial axis, or one number for all: less than the stride, which of the sizes that have as many
///     windows
/// @param groups into how many parts channels are split
/// @param bias whether there is a bias
public record ConvTransposed(int out, Geometry geometry, List<Integer> outputPadding, int groups, boolean bias)
        implements Layer {
    /// @throws org.gradus.base.GradusException when there would be no outputs, or the groups do not share them evenly
    public ConvTransposed {
        int[] more = outputPadding.stream().mapToInt(Integer::intValue).toArray();
        outputPadding = Axes.each(geometry.axes(), "output padding", more);
        Use.demand(out >= 1, "A ConvTransposed layer", "at least 1 output channel", out);
        Use.demand(
                groups >= 1 && out % groups == 0,
                "A ConvTransposed layer with " + out + " outputs",
                "groups to share them",
                groups);
    }

    /// To `[batch, out, length]`.
    public static ConvTransposed convTransposed1d(int out, int kernel) {
        return of(out, Axes.kernel(1, kernel));
    }

    /// To `[batch, out, height, width]`.
    ///
    /// @param kernel one size, or height and width
    public static ConvTransposed convTransposed2d(int out, int... kernel) {
        return of(out, Axes.kernel(2, kernel));
    }

    /// To `[batch, out, depth, height, width]`.
    ///
    /// @param kernel one size, or depth, height and width
    public static ConvTransposed convTransposed3d(int out, int... kernel) {
        return of(out, Axes.kernel(3, kernel));
    }

    /// With a geometry.
    public static ConvTransposed of(int out, Geometry geometry) {
        return new ConvTransposed(out, geometry, Axes.each(geometry.axes(), "output padding", 0), 1, true);
    }

    /// With other steps between windows; one number, or one for each axis.
    public ConvTransposed stride(int... steps) {
        return new ConvTransposed(out, Axes.strided(geometry, steps), outputPadding, groups, bias);
    }

    /// With padding cut off at both ends; one number, or one for each axis.
    public ConvTransposed padding(int... both) {
        return new ConvTransposed(out, Axes.padded(geometry, both), outputPadding, groups, bias);
    }

    /// With other sizes that have as many windows; one number, or one for each axis.
    public ConvTransposed outputPadding(int... more) {
        return new ConvTransposed(out, geometry, Axes.each(geometry.axes(), "output padding", more), groups, bias);
    }

    /// With other distances between the kernel's taps; one number, or one for each axis.
    public ConvTransposed dilation(int... distances) {
        return new ConvTransposed(out, Axes.dilated(geometry, distances), outputPadding, groups, bias);
    }

    /// With channels split into groups.
    public ConvTransposed groups(int parts) {
        return new ConvTransposed(out, geometry, outputPadding, parts, bias);
    }

    /// Without a bias.
    public ConvTransposed withoutBias() {
        return new ConvTransposed(out, geometry, outputPadding, groups, false);
    }

    /// @throws org.gradus.base.GradusException when the input has other axes, or another number of channels than at first or one that the
    ///     groups do not share
    @Override
    public Tensor forward(Scope scope, Tensor x) {
        int axes = geometry.axes();
        Use use = new Use("ConvTransposed" + axes + "d", scope, x);
        use.rank(axes + 2, axes + 2, Axes.described(axes));
        int in = x.shape().size(1);
        if (in % groups != 0) {
            throw use.refused("needs channels that " + groups + " groups share evenly", "Channels are axis 1.");
        }
        int[] sizes = IntStream.concat(
                        IntStream.of(in, out / groups),
                        geometry.kernel().stream().mapToInt(k -> k))
                .toArray();
        Initial initial = Initialisers.torch(out / groups * geometry.taps());
        Tensor weight = use.parameter(in + " channels", "weight", Role.WEIGHT, initial, sizes);
        Tensor shift = bias ? scope.parameter("bias", Role.BIAS, initial, out) : null;
        return Convolutions.convTransposed(x, weight, shift, geometry, outputPadding, groups);
    }
}
