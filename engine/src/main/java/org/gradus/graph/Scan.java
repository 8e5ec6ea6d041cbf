package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// A running result along one axis. The set is closed under differentiation in both modes.
public sealed interface Scan extends Op {
    /// The axis walked along.
    int axis();

    /// Whether it is walked from the end.
    boolean reversed();

    /// The linear recurrence `h[k] = a[k] h[k-1] + b[k]`, with `h[-1] = 0`: inputs are `a` and `b`. Cumulative sums
    /// (a = 1) and products (b = first element, then 0) are its special cases.
    record Recurrence(int axis, boolean reversed) implements Scan {
        @Override
        public String name() {
            return "recurrence";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 2);
            Check.same(this, inputs);
            Check.number(this, inputs.get(0));
            Check.axis(this, inputs.get(0).shape(), axis);
            Shape a = inputs.get(0).shape();
            Shape b = inputs.get(1).shape();
            if (!a.equals(b)) {
                throw new GradusException(
                        "recurrence-shapes",
                        name() + ": factors " + a + " and summands " + b
                                + " must have one shape. Repeat one of them with `broadcastTo`.");
            }
            return List.of(inputs.get(1));
        }
    }

    /// `log(sum(exp(x[0..k])))`, without overflow.
    record CumLogSumExp(int axis, boolean reversed) implements Scan {
        @Override
        public String name() {
            return "cumulative-logsumexp";
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Check.count(this, inputs, 1);
            Check.floating(this, inputs);
            Check.axis(this, inputs.get(0).shape(), axis);
            return List.of(inputs.get(0));
        }
    }
}
