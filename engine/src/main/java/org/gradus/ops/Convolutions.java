package org.gradus.ops;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Contract;
import org.gradus.graph.Geometry;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.jspecify.annotations.Nullable;

/// Convolutions (as everywhere in deep learning: cross-correlations) over 1 to 3 spatial axes, and their transposes.
/// Inputs are `[batch, channels, spatial…]`.
public final class Convolutions {
    private Convolutions() {}

    /// The convolution of `x [batch, in, spatial…]` with `weight [out, in / groups, kernel…]`: `[batch, out,
    /// windows…]`.
    ///
    /// @param bias `[out]`, or `null` for none
    /// @param groups 1 unless channels are split into groups of their own
    /// @throws GradusException when ranks, channels or kernels do not fit
    public static Tensor convolve(Tensor x, Tensor weight, @Nullable Tensor bias, Geometry geometry, int groups) {
        Tensor y = Tracer.of(List.of(x, weight)).applyOne(new Contract.Convolution(geometry, groups), x, weight);
        return biased(y, bias);
    }

    /// The convolution of `x [batch, in, length]` with `weight [out, in / groups, kernel]`.
    public static Tensor conv1d(
            Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding, int dilation, int groups) {
        return convolve(x, weight, bias, geometry(1, weight, stride, padding, dilation), groups);
    }

    /// The convolution of `x [batch, in, length]` with `weight [out, in, kernel]`, step 1, without padding.
    public static Tensor conv1d(Tensor x, Tensor weight) {
        return conv1d(x, weight, null, 1, 0, 1, 1);
    }

    /// The convolution of `x [batch, in, height, width]` with `weight [out, in / groups, kernel, kernel]`.
    public static Tensor conv2d(
            Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding, int dilation, int groups) {
        return convolve(x, weight, bias, geometry(2, weight, stride, padding, dilation), groups);
    }

    /// The convolution of `x [batch, in, height, width]` with `weight [out, in, kernel, kernel]`, step 1, without
    /// padding.
    public static Tensor conv2d(Tensor x, Tensor weight) {
        return conv2d(x, weight, null, 1, 0, 1, 1);
    }

    /// The convolution of `x [batch, in, depth, height, width]` with `weight [out, in / groups, kernel…]`.
    public static Tensor conv3d(
            Tensor x, Tensor weight, @Nullable Tensor bias, int stride, int padding, int dilation, int groups) {
        return convolve(x, weight, bias, geometry(3, weight, stride, padding, dilation), groups);
    }

    /// The convolution of `x [batch, in, depth, height, width]` with `weight [out, in, kernel…]`, step 1, without
    /// padding.
    public static Tensor conv3d(Tensor x, Tensor weight) {
        return conv3d(x, weight, null, 1, 0, 1, 1);
    }

    /// The transposed convolution, which undoes the shape of a convolution with the same geometry: `x [batch, in,
    /// windows…]` with `weight [in, out / groups, kernel…]` gives `[batch, out, spatial…]`, where
    /// `spatial = (windows - 1) stride - padding + dilation (kernel - 1) + 1 + outputPadding`.
    ///
    /// @param bias `[out]`, or `null` for none
    /// @param outputPadding per spatial axis, less than the stride: which of the sizes that have as many windows
    /// @throws GradusException when ranks, channels, kernels or the output padding do not fit
    public static Tensor convTransposed(
            Tensor x,
            Tensor weight,
            @Nullable Tensor bias,
            Geometry geometry,
            List<Integer> outputPadding,
            int groups) {
        int axes = geometry.axes();
        boolean fits = outputPadding.size() == axes
                && IntStream.range(0, axes)
                        .allMatch(i -> outputPadding.get(i) >= 0
                                && outputPadding.get(i) < geometry.stride().get(i));
        if (!fits) {
            throw new GradusException(
                    "output-padding",
                    "conv" + axes + "d-transposed: the output padding " + outputPadding + " must be at least 0 and less"
                            + " than the stride " + geometry.stride() + ", one number for each spatial axis.");
        }
        if (x.shape().rank() != axes + 2) {
            throw new GradusException(
                    "conv-rank",
                    "conv" + axes + "d-transposed: takes an input [batch, channels, " + axes
                            + " spatial axes], but was given " + x.described()
                            + ". A single picture is a batch of size 1.");
        }
        int[] spatial = IntStream.range(0, axes)
                .map(i -> (x.shape().size(i + 2) - 1) * geometry.stride().get(i)
                        - geometry.before().get(i)
                        - geometry.after().get(i)
                        + geometry.dilation().get(i) * (geometry.kernel().get(i) - 1)
                        + 1
                        + outputPadding.get(i))
                .toArray();
        Contract.ConvolutionInput op = new Contract.ConvolutionInput(geometry, groups, Shape.of(spatial));
        return biased(Tracer.of(List.of(x, weight)).applyOne(op, x, weight), bias);
    }

    /// The geometry of a weight's kernel with one stride, padding and dilation for all spatial axes.
    ///
    /// @param axes the number of spatial axes
    /// @throws GradusException when the weight has not as many
    public static Geometry geometry(int axes, Tensor weight, int stride, int padding, int dilation) {
        if (weight.shape().rank() != axes + 2) {
            throw new GradusException(
                    "conv-rank",
                    "conv" + axes + "d: takes a weight [out, in, " + axes + " kernel axes], but was given "
                            + weight.described() + ".");
        }
        return geometry(weight.shape().part(2, axes + 2), stride, padding, dilation);
    }

    /// The geometry of a kernel with one stride, padding and dilation for all spatial axes.
    public static Geometry geometry(Shape kernel, int stride, int padding, int dilation) {
        List<Integer> pad = Collections.nCopies(kernel.rank(), padding);
        return Geometry.of(IntStream.of(kernel.sizes()).boxed().toList())
                .strided(Collections.nCopies(kernel.rank(), stride))
                .padded(pad, pad)
                .dilated(Collections.nCopies(kernel.rank(), dilation));
    }

    /// The geometry padded so that there are `ceil(size / stride)` windows: the padding that others call "same". An odd
    /// rest goes to the end (as in TensorFlow; PyTorch has it for stride 1 only).
    ///
    /// @param spatial the input's spatial sizes
    public static Geometry same(Geometry geometry, Shape spatial) {
        List<Integer> all = IntStream.range(0, geometry.axes())
                .mapToObj(i -> {
                    int size = spatial.size(i);
                    int stride = geometry.stride().get(i);
                    int reach = geometry.dilation().get(i) * (geometry.kernel().get(i) - 1) + 1;
                    return Math.max(0, (Math.ceilDiv(size, stride) - 1) * stride + reach - size);
                })
                .toList();
        List<Integer> low = all.stream().map(padding -> padding / 2).toList();
        return geometry.padded(
                low, all.stream().map(padding -> padding - padding / 2).toList());
    }

    /// The geometry without padding: what others call "valid".
    public static Geometry valid(Geometry geometry) {
        List<Integer> none = Collections.nCopies(geometry.axes(), 0);
        return geometry.padded(none, none);
    }

    private static Tensor biased(Tensor y, @Nullable Tensor bias) {
        if (bias == null) {
            return y;
        }
        if (!bias.shape().equals(y.shape().part(1, 2))) {
            throw new GradusException(
                    "conv-bias",
                    "convolution: the bias needs one number for each of the "
                            + y.shape().size(1) + " output channels, but is " + bias.described() + ".");
        }
        Shape column =
                bias.shape().joined(Shape.of(Collections.nCopies(y.shape().rank() - 2, 1)));
        return y.plus(bias.reshape(column));
    }
}
