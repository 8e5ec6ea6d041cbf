package org.gradus.data;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// What a model sees of the examples of a data set, however it lies in memory.
sealed interface Features {
    /// `[size, …]`
    Shape shape();

    /// The features of the examples at these positions, in this order.
    ///
    /// @throws GradusException when a position is outside
    Array rows(int... positions);

    /// The same for all examples; not a copy where there is such an array already.
    Array whole();

    /// The examples at these positions alone, copied.
    Features part(int... positions);

    /// In other units.
    Features scaled(Scaling scaling);

    /// The numbers as they are.
    record Numbers(Array whole) implements Features {
        @Override
        public Shape shape() {
            return whole.shape();
        }

        @Override
        public Array rows(int... positions) {
            return rows(whole, positions);
        }

        @Override
        public Features part(int... positions) {
            return new Numbers(rows(positions));
        }

        @Override
        public Features scaled(Scaling scaling) {
            return new Numbers(scaling.apply(whole));
        }

        /// The rows of any array at these positions.
        static Array rows(Array array, int[] positions) {
            int width = width(array.shape());
            Array rows = Array.zeros(array.type().with(array.shape().with(0, positions.length)));
            for (int i = 0; i < positions.length; i++) {
                int from = start(array.shape(), positions[i], width);
                System.arraycopy(array.storage(), from, rows.storage(), i * width, width);
            }
            return rows;
        }
    }

    /// Images with a byte for each pixel and channel, which become `float32` only in a batch: a quarter of the memory.
    final class Pixels implements Features {
        private final Shape shape; // [size, channels, height, width]
        private final byte[] bytes;
        private final float[][] values; // [channels][256], what the bytes stand for

        private Pixels(Shape shape, byte[] bytes, float[][] values) {
            this.shape = shape;
            this.bytes = bytes;
            this.values = values;
        }

        /// With values from 0 (byte 0) to 1 (byte 255).
        static Pixels of(Shape shape, byte[] bytes) {
            float[] values = new float[256];
            for (int i = 0; i < values.length; i++) {
                values[i] = i / 255f;
            }
            float[][] channels = new float[shape.size(1)][];
            Arrays.fill(channels, values);
            return new Pixels(shape, bytes, channels);
        }

        @Override
        public Shape shape() {
            return shape;
        }

        @Override
        public Array rows(int... positions) {
            int width = width(shape);
            int places = width / values.length;
            float[] rows = new float[shape.with(0, positions.length).count()];
            int to = 0;
            for (int position : positions) {
                int from = start(shape, position, width);
                for (float[] channel : values) {
                    for (int place = 0; place < places; place++) {
                        rows[to + place] = channel[bytes[from + place] & 0xff];
                    }
                    from += places;
                    to += places;
                }
            }
            return Array.of(shape.with(0, positions.length), rows);
        }

        @Override
        public Array whole() {
            return rows(Order.sequential(shape.size(0)));
        }

        @Override
        public Features part(int... positions) {
            int width = width(shape);
            byte[] part = new byte[shape.with(0, positions.length).count()];
            for (int i = 0; i < positions.length; i++) {
                System.arraycopy(bytes, start(shape, positions[i], width), part, i * width, width);
            }
            return new Pixels(shape.with(0, positions.length), part, values);
        }

        @Override
        public Features scaled(Scaling scaling) {
            if (!scaling.center().shape().equals(Shape.of(values.length, 1, 1))) {
                return new Numbers(scaling.apply(whole()));
            }
            float[][] scaled = new float[values.length][256];
            for (int channel = 0; channel < values.length; channel++) {
                for (int i = 0; i < 256; i++) {
                    scaled[channel][i] = (float) scaling.of(channel, values[channel][i]);
                }
            }
            return new Pixels(shape, bytes, scaled);
        }
    }

    private static int width(Shape shape) {
        return shape.size(0) == 0 ? 0 : shape.count() / shape.size(0);
    }

    private static int start(Shape shape, int position, int width) {
        if (position < 0 || position >= shape.size(0)) {
            throw new GradusException(
                    "example-range",
                    "Example " + position + " was asked of a data set of " + shape.size(0)
                            + ", whose examples are 0 to " + (shape.size(0) - 1) + ".");
        }
        return position * width;
    }
}
