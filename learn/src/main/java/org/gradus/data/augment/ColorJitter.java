package org.gradus.data.augment;

/// Changes colours and illumination, as PyTorch's `ColorJitter` does: brightness, contrast and saturation by factors
/// that
/// are uniform between 1 - x and 1 + x (at least 0), the hue by a part of the colour circle that is uniform between -x
/// and
/// x; in this order. Results are kept between 0 and 1. An image without three channels has no saturation and no hue.
///
/// @param brightness a factor of all values
/// @param contrast a factor of the distance from the image's mean gray
/// @param saturation a factor of the distance from each pixel's own gray
/// @param hue at most 0.5, half the circle
public record ColorJitter(double brightness, double contrast, double saturation, double hue) implements Distortion {
    private static final float[] GRAY = {0.299f, 0.587f, 0.114f};

    /// @throws org.gradus.base.GradusException when a number is out of its range
    public ColorJitter {
        Augmentation.demand(
                brightness >= 0 && contrast >= 0 && saturation >= 0 && brightness + contrast + saturation < 100,
                "A colour jitter takes brightness, contrast and saturation from 0 up, together less than 100",
                brightness + ", " + contrast + " and " + saturation);
        Augmentation.demand(hue >= 0 && hue <= 0.5, "A colour jitter takes a hue from 0 to 0.5", hue);
    }

    @Override
    public Image apply(Image image, Draws random) {
        float[] values = image.values();
        // All four are drawn in any case, so that one does not depend on the others' being used.
        float bright = factor(brightness, random);
        float contrasted = factor(contrast, random);
        float saturated = factor(saturation, random);
        double turn = random.uniform(-hue, hue);
        blend(values, 0, bright);
        if (contrast > 0) {
            blend(values, meanGray(image), contrasted);
        }
        if (image.channels() == GRAY.length) {
            for (int i = 0; i < image.places() && saturation > 0; i++) {
                float gray = gray(image, i);
                for (int at = i; at < values.length; at += image.places()) {
                    values[at] = Math.clamp(gray + (values[at] - gray) * saturated, 0f, 1f);
                }
            }
            for (int i = 0; i < image.places() && hue > 0; i++) {
                turnHue(values, i, image.places(), (float) turn);
            }
        }
        return image;
    }

    private static float factor(double width, Draws random) {
        return (float) random.uniform(Math.max(0, 1 - width), 1 + width);
    }

    private static void blend(float[] values, float from, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(from + (values[i] - from) * factor, 0f, 1f);
        }
    }

    private static float meanGray(Image image) {
        double sum = 0;
        for (int i = 0; i < image.places(); i++) {
            sum += gray(image, i);
        }
        return (float) (sum / image.places());
    }

    /// The gray of a pixel: weighted as the eye does where there are three colours, else the mean.
    private static float gray(Image image, int place) {
        float sum = 0;
        for (int channel = 0; channel < image.channels(); channel++) {
            float weight = image.channels() == GRAY.length ? GRAY[channel] : 1f / image.channels();
            sum += weight * image.values()[channel * image.places() + place];
        }
        return sum;
    }

    /// Turns the hue of a pixel, with its value (the largest) and its chroma (less the smallest) as they are.
    private static void turnHue(float[] values, int place, int places, float turn) {
        float red = values[place];
        float green = values[place + places];
        float blue = values[place + 2 * places];
        float value = Math.max(red, Math.max(green, blue));
        float chroma = value - Math.min(red, Math.min(green, blue));
        if (chroma == 0) {
            return;
        }
        float sixth = value == red
                ? (green - blue) / chroma
                : value == green ? (blue - red) / chroma + 2 : (red - green) / chroma + 4;
        float turned = sixth + 6 * turn;
        values[place] = value - chroma * away(turned);
        values[place + places] = value - chroma * away(turned - 2);
        values[place + 2 * places] = value - chroma * away(turned - 4);
    }

    /// How far a primary colour is away on the circle of six: 0 up to one sixth, 1 from two sixths on.
    private static float away(float sixths) {
        float folded = sixths - 6 * (float) Math.floor(sixths / 6);
        return Math.clamp(Math.min(folded, 6 - folded) - 1, 0f, 1f);
    }
}
