package org.gradus.data;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// What a model sees of the examples of a data set, or should say of them, wherever it lies.
sealed interface Features {
    /// The number of examples.
    int size();

    /// The shape of one example.
    Shape one();

    /// `[size, …]`
    default Shape shape() {
        return one().inserted(0, size());
    }

    /// The features of the examples at these positions, in this order.
    ///
    /// @throws GradusException when a position is outside
    Array rows(int... positions);

    /// The same for all examples; not a copy where there is such an array already.
    default Array whole() {
        return rows(Order.sequential(size()));
    }

    /// The examples at these positions alone; copied where they lie in memory.
    default Features part(int... positions) {
        for (int position : positions) {
            demandInside(position, size());
        }
        return new Some(this, positions.clone());
    }

    /// In other units.
    default Features scaled(Scaling scaling) {
        return new Scaled(this, scaling);
    }

    /// The numbers as they are.
    record Numbers(Array whole) implements Features {
        @Override
        public int size() {
            return whole.shape().size(0);
        }

        @Override
        public Shape one() {
            return whole.shape().part(1, whole.shape().rank());
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
            int size = array.shape().size(0);
            int width = size == 0 ? 0 : array.count() / size;
            Array rows = Array.zeros(array.type().with(array.shape().with(0, positions.length)));
            for (int i = 0; i < positions.length; i++) {
                demandInside(positions[i], size);
                System.arraycopy(array.storage(), positions[i] * width, rows.storage(), i * width, width);
            }
            return rows;
        }
    }

    /// Images with a byte for each pixel and channel, which become `float32` only in a batch.
    final class Pixels implements Features {
        private final PixelSource source;
        private final Shape one; // [channels, height, width]
        private final float[][] values; // [channels][256], what the bytes stand for

        private Pixels(PixelSource source, Shape one, float[][] values) {
            this.source = source;
            this.one = one;
            this.values = values;
        }

        /// With values from 0 (byte 0) to 1 (byte 255).
        static Pixels of(PixelSource source, Shape one) {
            float[] values = new float[256];
            for (int i = 0; i < values.length; i++) {
                values[i] = i / 255f;
            }
            float[][] channels = new float[one.size(0)][];
            Arrays.fill(channels, values);
            return new Pixels(source, one, channels);
        }

        /// The same, in memory.
        ///
        /// @param shape `[size, channels, height, width]`
        static Pixels of(Shape shape, byte[] bytes) {
            Shape one = shape.part(1, 4);
            return of(new PixelSource.InMemory(bytes, one.count()), one);
        }

        @Override
        public int size() {
            return source.size();
        }

        @Override
        public Shape one() {
            return one;
        }

        @Override
        public Array rows(int... positions) {
            byte[] bytes = new byte[one.count()];
            int places = bytes.length / values.length;
            float[] rows = new float[one.inserted(0, positions.length).count()];
            int to = 0;
            for (int position : positions) {
                demandInside(position, size());
                source.read(position, bytes);
                for (int channel = 0; channel < values.length; channel++) {
                    float[] meant = values[channel];
                    for (int place = channel * places; place < (channel + 1) * places; place++) {
                        rows[to++] = meant[bytes[place] & 0xff];
                    }
                }
            }
            return Array.of(one.inserted(0, positions.length), rows);
        }

        @Override
        public Features part(int... positions) {
            for (int position : positions) {
                demandInside(position, size());
            }
            return new Pixels(source.part(positions), one, values);
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
            return new Pixels(source, one, scaled);
        }
    }

    /// Some of a series' elements for each example, such as a row of a table or a window of a text.
    ///
    /// @param from which one the first example begins with
    /// @param length how many elements an example has
    /// @param stride from the beginning of one to that of the next
    /// @param one `[length, …]`, or without that axis where the length is 1
    record Windowed(Series series, long from, int length, int stride, int size, Shape one) implements Features {
        @Override
        public Array rows(int... positions) {
            long[] starts = new long[positions.length];
            for (int i = 0; i < starts.length; i++) {
                demandInside(positions[i], size);
                starts[i] = from + (long) positions[i] * stride;
            }
            return series.windows(starts, length).reshaped(one.inserted(0, positions.length));
        }
    }

    /// Some of another's examples.
    final class Some implements Features {
        private final Features all;
        private final int[] positions;

        private Some(Features all, int[] positions) {
            this.all = all;
            this.positions = positions;
        }

        @Override
        public int size() {
            return positions.length;
        }

        @Override
        public Shape one() {
            return all.one();
        }

        @Override
        public Array rows(int... asked) {
            return all.rows(there(asked));
        }

        @Override
        public Features part(int... asked) {
            return new Some(all, there(asked));
        }

        private int[] there(int[] asked) {
            int[] there = new int[asked.length];
            for (int i = 0; i < there.length; i++) {
                demandInside(asked[i], positions.length);
                there[i] = positions[asked[i]];
            }
            return there;
        }
    }

    /// Another's examples in other units, to which they are brought when they are asked for.
    record Scaled(Features raw, Scaling scaling) implements Features {
        @Override
        public int size() {
            return raw.size();
        }

        @Override
        public Shape one() {
            return raw.one();
        }

        @Override
        public Array rows(int... positions) {
            return scaling.apply(raw.rows(positions));
        }

        @Override
        public Features part(int... positions) {
            return new Scaled(raw.part(positions), scaling);
        }
    }

    private static void demandInside(int position, int size) {
        if (position < 0 || position >= size) {
            throw new GradusException(
                    "example-range",
                    "Example " + position + " was asked of a data set of " + size + ", whose examples are 0 to "
                            + (size - 1) + ".");
        }
    }
}
