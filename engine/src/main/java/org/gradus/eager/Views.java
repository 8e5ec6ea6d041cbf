package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.View;

/// Views, as copies: elements picked from strided places of the input, or put at strided places of the result.
final class Views {
    private Views() {}

    static Array run(View op, List<Array> inputs, TensorType type) {
        Array x = inputs.get(0);
        Shape from = x.shape();
        int[] strides = from.strides();
        int[] steps = new int[type.shape().rank()]; // per axis of the result, in elements of the input
        int start = 0;
        switch (op) {
            case View.Reshape(Shape shape) -> {
                return x.reshaped(shape);
            }
            case View.Pad pad -> {
                return padded(pad, x, type);
            }
            case View.Concat(int axis) -> {
                return joined(inputs, axis, type);
            }
            case View.Permute(List<Integer> order) -> {
                for (int axis = 0; axis < steps.length; axis++) {
                    steps[axis] = strides[order.get(axis)];
                }
            }
            case View.Broadcast(Shape shape) -> {
                int missing = shape.rank() - from.rank();
                for (int axis = 0; axis < from.rank(); axis++) {
                    steps[axis + missing] = from.size(axis) == 1 ? 0 : strides[axis];
                }
            }
            case View.Slice(List<Integer> starts, List<Integer> _, List<Integer> every) -> {
                for (int axis = 0; axis < steps.length; axis++) {
                    start += starts.get(axis) * strides[axis];
                    steps[axis] = every.get(axis) * strides[axis];
                }
            }
            case View.Flip(List<Integer> axes) -> {
                for (int axis = 0; axis < steps.length; axis++) {
                    boolean back = axes.contains(axis);
                    start += back ? (from.size(axis) - 1) * strides[axis] : 0;
                    steps[axis] = back ? -strides[axis] : strides[axis];
                }
            }
        }
        return Places.picked(x, type, Places.of(type.shape(), start, steps));
    }

    private static Array padded(View.Pad op, Array x, TensorType type) {
        int[] steps = type.shape().strides();
        int start = 0;
        for (int axis = 0; axis < steps.length; axis++) {
            start += op.before().get(axis) * steps[axis];
            steps[axis] *= op.between().get(axis) + 1;
        }
        Array y = Array.full(type, op.value());
        Places.put(x, y, Places.of(x.shape(), start, steps));
        return y;
    }

    private static Array joined(List<Array> inputs, int axis, TensorType type) {
        Array y = Array.zeros(type);
        int[] strides = type.shape().strides();
        int start = 0;
        for (Array x : inputs) {
            Places.put(x, y, Places.of(x.shape(), start, strides));
            start += x.shape().size(axis) * strides[axis];
        }
        return y;
    }
}
