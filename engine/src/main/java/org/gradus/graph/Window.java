package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// Pooling: a fold over windows of the spatial axes of `[batch, channels, spatial…]`.
public sealed interface Window extends Op {
    /// The maximum of each window, and where it is: its row-major position in the input's spatial axes, an integer as wide
    /// as the numbers. Padding never wins; NaN always does; of equal elements the first.
    record MaxPool(Geometry geometry) implements Window {
        @Override
        public String name() {
            return "max-pool" + geometry.axes() + "d";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            TensorType pooled = Window.pooled(this, geometry, inputs);
            Shape x = inputs.get(0).shape();
            for (int axis = 0; axis < geometry.axes(); axis++) {
                int window =
                        geometry.blind(axis, x.size(axis + 2), pooled.shape().size(axis + 2));
                if (window >= 0) {
                    throw new GradusException(
                            "pool-only-padding",
                            name() + ": window " + window + " along spatial axis " + axis + " of " + x
                                    + " sees nothing but padding, and nothing has no maximum. Kernel "
                                    + geometry.kernel() + ", padding " + geometry.before() + " and " + geometry.after()
                                    + ": pad by less than the kernel.");
                }
            }
            return List.of(pooled, pooled.with(pooled.type().integer()));
        }
    }

    /// The transpose of [MaxPool]: each element is added at the position that was found for its window. Inputs are the
    /// elements and the positions, each within its window.
    ///
    /// @param spatial the spatial sizes of the result
    record MaxPoolInput(Geometry geometry, Shape spatial) implements Window {
        @Override
        public String name() {
            return "max-pool" + geometry.axes() + "d-input";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            TensorType dy = inputs.get(0);
            TensorType dx = Window.spread(this, geometry, spatial, dy);
            if (!inputs.get(1).equals(dy.with(dy.type().integer()))) {
                throw new GradusException(
                        "pool-positions",
                        name() + ": " + dy + " takes positions "
                                + dy.with(dy.type().integer()) + ", but was given " + inputs.get(1)
                                + ". Give those that the forward pooling found.");
            }
            return List.of(dx);
        }
    }

    /// The sum of each window; padding counts as 0.
    record SumPool(Geometry geometry) implements Window {
        @Override
        public String name() {
            return "sum-pool" + geometry.axes() + "d";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return List.of(Window.pooled(this, geometry, inputs));
        }
    }

    /// The transpose of [SumPool]: each element is added to every place of its window.
    ///
    /// @param spatial the spatial sizes of the result
    record SumPoolInput(Geometry geometry, Shape spatial) implements Window {
        @Override
        public String name() {
            return "sum-pool" + geometry.axes() + "d-input";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            return List.of(Window.spread(this, geometry, spatial, inputs.get(0)));
        }
    }

    /// The window.
    Geometry geometry();

    /// What a number for each window becomes that goes back to the input.
    private static TensorType spread(Window op, Geometry geometry, Shape spatial, TensorType given) {
        Check.floating(op, List.of(given));
        Shape dy = given.shape();
        Shape windows = geometry.windows(op.name(), spatial);
        if (dy.rank() != geometry.axes() + 2 || !windows.equals(dy.part(2, dy.rank()))) {
            throw new GradusException(
                    "pool-windows",
                    op.name() + ": an input of spatial size " + spatial + " has " + windows
                            + " windows in each channel, but " + dy
                            + " were given. Use the geometry of the forward pooling.");
        }
        return given.with(dy.part(0, 2).joined(spatial));
    }

    private static TensorType pooled(Window op, Geometry geometry, List<TensorType> inputs) {
        Check.count(op, inputs, 1);
        Check.floating(op, inputs);
        Shape x = inputs.get(0).shape();
        if (x.rank() != geometry.axes() + 2) {
            throw new GradusException(
                    "pool-rank",
                    op.name() + ": takes [batch, channels, " + geometry.axes() + " spatial axes], but was given " + x
                            + ". A single picture is a batch of size 1.");
        }
        return inputs.get(0).with(x.part(0, 2).joined(geometry.windows(op.name(), x.part(2, x.rank()))));
    }
}
