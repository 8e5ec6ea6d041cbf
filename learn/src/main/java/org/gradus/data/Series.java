package org.gradus.data;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;

/// Elements one after the other, such as the rows of a table or the characters of a text, in memory or in a file.
interface Series {
    /// How many there are.
    long size();

    /// The type of one.
    TensorType one();

    /// As many elements from each of these on, `[starts, length, …]`; on any thread.
    ///
    /// @throws GradusException when a file has changed
    Array windows(long[] starts, int length);

    /// An example for each element.
    default Features each() {
        return new Features.Windowed(this, 0, 1, 1, (int) size(), one().shape());
    }

    /// In memory.
    ///
    /// @param elements `[size, …]`
    record InMemory(Array elements) implements Series {
        @Override
        public long size() {
            return elements.shape().rank() == 0 ? 0 : elements.shape().size(0);
        }

        @Override
        public TensorType one() {
            Shape shape = elements.shape();
            return elements.type().with(shape.part(Math.min(1, shape.rank()), shape.rank()));
        }

        @Override
        public Array windows(long[] starts, int length) {
            Shape each = Shape.of(length).joined(one().shape());
            Array windows = Array.zeros(elements.type().with(each.inserted(0, starts.length)));
            int width = one().shape().count();
            for (int i = 0; i < starts.length; i++) {
                System.arraycopy(
                        elements.storage(),
                        (int) starts[i] * width,
                        windows.storage(),
                        i * length * width,
                        length * width);
            }
            return windows;
        }

        @Override
        public Features each() {
            return new Features.Numbers(elements);
        }
    }
}
