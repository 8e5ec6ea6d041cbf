package org.gradus.data.augment;

import java.util.function.IntConsumer;

/// A part of an image, in pixels.
record Box(int top, int left, int height, int width) {
    /// What of it lies inside of an image.
    Box within(Image image) {
        int first = Math.max(0, top);
        int start = Math.max(0, left);
        return new Box(
                first,
                start,
                Math.max(0, Math.min(image.height(), top + height) - first),
                Math.max(0, Math.min(image.width(), left + width) - start));
    }

    int places() {
        return height * width;
    }

    /// Visits the values of a channel, by their positions in the image.
    void each(Image image, int channel, IntConsumer visitor) {
        for (int y = top; y < top + height; y++) {
            int row = channel * image.places() + y * image.width();
            for (int x = left; x < left + width; x++) {
                visitor.accept(row + x);
            }
        }
    }
}
