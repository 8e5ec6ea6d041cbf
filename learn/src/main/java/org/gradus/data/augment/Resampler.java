package org.gradus.data.augment;

/// Reads an image between its pixels, by bilinear interpolation.
record Resampler(Image image, Border border) {
    /// From where a pixel of the new image is taken.
    @FunctionalInterface
    interface Source {
        /// Says it for one pixel.
        ///
        /// @param from gets the old y and x
        void of(int y, int x, double[] from);
    }

    /// An image of the same size whose pixels come from elsewhere in this one.
    Image resampled(Source source) {
        Image result = image.blank();
        double[] from = new double[2];
        int width = image.width();
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                source.of(y, x, from);
                read(from[0], from[1], result.values(), y * width + x);
            }
        }
        return result;
    }

    /// Reads all channels at a place between pixels.
    private void read(double y, double x, float[] values, int to) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        float down = (float) (y - top);
        float right = (float) (x - left);
        for (int channel = 0; channel < image.channels(); channel++) {
            float upper = between(channel, top, left, right);
            float lower = down == 0 ? upper : between(channel, top + 1, left, right);
            values[channel * image.places() + to] = upper + (lower - upper) * down;
        }
    }

    private float between(int channel, int row, int left, float share) {
        float one = image.at(channel, row, left, border);
        return share == 0 ? one : one + (image.at(channel, row, left + 1, border) - one) * share;
    }
}
