package org.gradus.data.augment;

import org.gradus.base.GradusException;

/// One image that is being augmented, channel by channel and row by row. Its values are those of the data set, from 0
/// (black) to 1 for images that were read from files. An [Augmentation] may change the values in place.
///
public final class Image {
    private final int channels;
    private final int height;
    private final int width;
    private final float[] values;

    /// @param values `[channels, height, width]`, not copied
    /// @throws GradusException when there are more or fewer values than pixels
    public Image(int channels, int height, int width, float... values) {
        if ((long) channels * height * width != values.length) {
            throw new GradusException(
                    "augment-image",
                    "An image of " + channels + " channels, height " + height + " and width " + width + " has "
                            + (long) channels * height * width + " values, but " + values.length
                            + " were given. Give one for each pixel and channel.");
        }
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.values = values;
    }

    /// How many numbers a pixel has.
    public int channels() {
        return channels;
    }

    /// The number of rows.
    public int height() {
        return height;
    }

    /// The number of columns.
    public int width() {
        return width;
    }

    /// The image's own values, `[channels, height, width]`; not a copy.
    public float[] values() {
        return values;
    }

    /// A black one of the same size.
    public Image blank() {
        return new Image(channels, height, width, new float[values.length]);
    }

    /// Where a pixel comes from.
    @FunctionalInterface
    interface Source {
        /// The place of the old pixel, row by row; -1 for black.
        int of(int y, int x);
    }

    /// An image of the same size made of pixels of this one.
    Image rearranged(Source source) {
        Image result = blank();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = source.of(y, x);
                for (int channel = 0; channel < channels && from >= 0; channel++) {
                    result.values[channel * places() + y * width + x] = values[channel * places() + from];
                }
            }
        }
        return result;
    }

    /// The number of pixels.
    public int places() {
        return height * width;
    }

    /// The value of a pixel, which may lie beyond the border.
    float at(int channel, int y, int x, Border border) {
        int row = border.inside(y, height);
        int column = border.inside(x, width);
        return row < 0 || column < 0 ? 0 : values[(channel * height + row) * width + column];
    }
}
