package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// Sums of products over shared axes: matrix multiplication, convolution and its two gradients. All are bilinear, and
/// the set is closed under differentiation in both modes.
public sealed interface Contract extends Op {
    /// Batched matrix product `[batch…, m, k] · [batch…, k, n] = [batch…, m, n]`; a transposed operand is stored with
    /// its last two axes swapped. Batch axes are equal: broadcasting is a [View] before.
    record MatMul(boolean transposeLeft, boolean transposeRight) implements Contract {
        @Override
        public String name() {
            return "matmul";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.floating(this, inputs);
            Shape a = inputs.get(0).shape();
            Shape b = inputs.get(1).shape();
            Check.rank(this, "the left side (`Products.matmul` takes vectors)", a, 2);
            Check.rank(this, "the right side (`Products.matmul` takes vectors)", b, 2);
            Shape batch = a.part(0, a.rank() - 2);
            if (!batch.equals(b.part(0, b.rank() - 2))) {
                throw new GradusException(
                        "matmul-batch",
                        "matmul: the batch axes differ: the left side " + a + " has " + batch + ", the right side " + b
                                + " has " + b.part(0, b.rank() - 2) + ". `Tensor.matmul` broadcasts them.");
            }
            int inner = a.size(transposeLeft ? -2 : -1);
            int other = b.size(transposeRight ? -1 : -2);
            if (inner != other) {
                throw new GradusException(
                        "matmul-inner-size",
                        "matmul: the inner sizes differ: the left side " + a
                                + (transposeLeft ? " (transposed)" : "") + " has " + inner + ", the right side " + b
                                + (transposeRight ? " (transposed)" : "") + " takes " + other
                                + ". Transpose one of them, or look at what changed its size.");
            }
            return List.of(inputs.get(0)
                    .with(batch.joined(Shape.of(a.size(transposeLeft ? -1 : -2), b.size(transposeRight ? -2 : -1)))));
        }
    }

    /// Convolution (cross-correlation) over 1 to 3 spatial axes: `x [batch, in, spatial…]`, `w [out, in / groups,
    /// kernel…]` give `[batch, out, windows…]`.
    record Convolution(Geometry geometry, int groups) implements Contract {
        @Override
        public String name() {
            return "conv" + geometry.axes() + "d";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.floating(this, inputs);
            Shape x = inputs.get(0).shape();
            Shape w = inputs.get(1).shape();
            ranks(this, geometry, x, w);
            kernels(this, geometry, w);
            channels(this, groups, x.size(1), w);
            return List.of(inputs.get(0)
                    .with(Shape.of(x.size(0), w.size(0)).joined(geometry.windows(name(), x.part(2, x.rank())))));
        }
    }

    /// The gradient of a convolution with respect to its input, which is the transposed convolution: `dy [batch, out,
    /// windows…]`, `w [out, in / groups, kernel…]` give `[batch, in, spatial…]`.
    ///
    /// Kernels read zeros around `dy`, so that an infinite weight gives NaN at the rim of the result.
    ///
    /// @param spatial the spatial sizes of the result; several give the same windows
    record ConvolutionInput(Geometry geometry, int groups, Shape spatial) implements Contract {
        @Override
        public String name() {
            return "conv" + geometry.axes() + "d-transposed";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.floating(this, inputs);
            Shape dy = inputs.get(0).shape();
            Shape w = inputs.get(1).shape();
            ranks(this, geometry, dy, w);
            kernels(this, geometry, w);
            windows(this, geometry, spatial, dy);
            if (groups < 1 || dy.size(1) != w.size(0) || w.size(0) % groups != 0) {
                throw new GradusException(
                        "conv-channels",
                        name() + ": the input has " + dy.size(1) + " channels, but `weight` " + w + " takes "
                                + w.size(0) + (groups == 1 ? "" : ", which " + groups + " groups share evenly")
                                + ". Channels are axis 1 of the input, and axis 0 of this weight.");
            }
            return List.of(
                    inputs.get(0).with(Shape.of(dy.size(0), w.size(1) * groups).joined(spatial)));
        }
    }

    /// The gradient of a convolution with respect to its weight: `x [batch, in, spatial…]`, `dy [batch, out,
    /// windows…]` give `[out, in / groups, kernel…]`.
    record ConvolutionWeight(Geometry geometry, int groups) implements Contract {
        @Override
        public String name() {
            return "conv" + geometry.axes() + "d-weight";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.floating(this, inputs);
            Shape x = inputs.get(0).shape();
            Shape dy = inputs.get(1).shape();
            ranks(this, geometry, x, dy);
            windows(this, geometry, x.part(2, x.rank()), dy);
            if (groups < 1 || x.size(0) != dy.size(0) || x.size(1) % groups != 0 || dy.size(1) % groups != 0) {
                throw new GradusException(
                        "conv-channels",
                        name() + ": the batches of " + x + " and " + dy
                                + " differ, or their channels do not split into " + groups
                                + " groups. Use the input and the groups of the forward convolution.");
            }
            return List.of(
                    inputs.get(0).with(Shape.of(dy.size(1), x.size(1) / groups).joined(Shape.of(geometry.kernel()))));
        }
    }

    private static void ranks(Contract op, Geometry geometry, Shape x, Shape w) {
        int rank = geometry.axes() + 2;
        if (x.rank() != rank || w.rank() != rank) {
            throw new GradusException(
                    "conv-rank",
                    op.name() + ": takes an input [batch, channels, " + geometry.axes()
                            + " spatial axes] and a weight of as many axes, but they are " + x + " and " + w
                            + ". A single picture is a batch of size 1.");
        }
    }

    private static void kernels(Contract op, Geometry geometry, Shape w) {
        if (!w.part(2, w.rank()).equals(Shape.of(geometry.kernel()))) {
            throw new GradusException(
                    "conv-kernel",
                    op.name() + ": the kernel is " + geometry.kernel() + ", but that of `weight` " + w + " is "
                            + w.part(2, w.rank()) + ". Take the geometry from the weight: `Convolutions.geometry`.");
        }
    }

    private static void windows(Contract op, Geometry geometry, Shape spatial, Shape dy) {
        Shape windows = geometry.windows(op.name(), spatial);
        if (!windows.equals(dy.part(2, dy.rank()))) {
            throw new GradusException(
                    "conv-windows",
                    op.name() + ": an input of spatial size " + spatial + " has " + windows + " windows, but "
                            + dy.part(2, dy.rank())
                            + " were given. Use the geometry and the input's size of the forward convolution.");
        }
    }

    private static void channels(Contract op, int groups, int channels, Shape w) {
        if (groups < 1 || channels != w.size(1) * groups || w.size(0) % groups != 0) {
            throw new GradusException(
                    "conv-channels",
                    op.name() + ": the input has " + channels + " channels, but `weight` " + w + " takes "
                            + w.size(1)
                            + (groups == 1
                                    ? ""
                                    : " in each of " + groups + " groups, which share its " + w.size(0)
                                            + " outputs evenly")
                            + ". Channels are axis 1: does the input have them last?");
        }
    }
}
