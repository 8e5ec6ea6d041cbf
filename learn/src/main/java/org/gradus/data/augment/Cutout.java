package org.gradus.data.augment;

/// Covers a square of an image with the mean of each of its channels. The middle of the square may be any pixel, so
/// some
/// of it may lie outside (T. DeVries, G. Taylor: *Improved regularization of convolutional neural networks with
/// cutout*,
/// 2017).
///
/// @param size of the square, in pixels
/// @param p how probable it is that an image is covered
public record Cutout(int size, double p) implements Distortion {
    /// @throws org.gradus.base.GradusException when a number is out of its range
    public Cutout {
        Augmentation.demand(size >= 1 && size <= 1 << 16, "A cutout takes a size of 1 to 65536 pixels", size);
        Augmentation.demand(p >= 0 && p <= 1, "A cutout takes a probability from 0 to 1", p);
    }

    /// Of every image.
    public static Cutout of(int size) {
        return new Cutout(size, 1);
    }

    @Override
    public Image apply(Image image, Draws random) {
        if (!random.chance(p)) {
            return image;
        }
        int top = random.below(image.height()) - size / 2;
        int left = random.below(image.width()) - size / 2;
        Box box = new Box(top, left, size, size).within(image);
        for (int channel = 0; channel < image.channels(); channel++) {
            double sum = 0;
            for (int i = channel * image.places(); i < (channel + 1) * image.places(); i++) {
                sum += image.values()[i];
            }
            float mean = (float) (sum / image.places());
            box.each(image, channel, i -> image.values()[i] = mean);
        }
        return image;
    }
}
