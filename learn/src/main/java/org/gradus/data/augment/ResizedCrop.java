package org.gradus.data.augment;

import java.util.List;

/// Cuts a part of random size and shape out of an image and stretches it to the size of the whole, by bilinear
/// interpolation (C. Szegedy et al., *Going deeper with convolutions*, 2015).
///
/// @param scale the smallest and the largest share of the area; PyTorch's are 0.08 and 1
/// @param ratio the smallest and the largest ratio of width to height; its logarithm is uniform. PyTorch's are 3/4 and
/// 4/3
public record ResizedCrop(List<Double> scale, List<Double> ratio) implements Distortion {
    private static final int TRIES = 10;

    /// @throws org.gradus.base.GradusException when one of them is no range of positive numbers
    public ResizedCrop {
        scale = List.copyOf(scale);
        ratio = List.copyOf(ratio);
        Augmentation.demand(
                isRange(scale) && scale.getLast() <= 1, "A resized crop takes two shares of the area up to 1", scale);
        Augmentation.demand(isRange(ratio), "A resized crop takes two positive ratios of width to height", ratio);
    }

    /// With PyTorch's numbers.
    public static ResizedCrop of() {
        return new ResizedCrop(List.of(0.08, 1.0), List.of(0.75, 4 / 3.0));
    }

    private static boolean isRange(List<Double> range) {
        return range.size() == 2 && range.getFirst() > 0 && range.getLast() >= range.getFirst();
    }

    @Override
    public Image apply(Image image, Draws random) {
        for (int i = 0; i < TRIES; i++) {
            double area = image.places() * random.uniform(scale.getFirst(), scale.getLast());
            double shape =
                    StrictMath.exp(random.uniform(StrictMath.log(ratio.getFirst()), StrictMath.log(ratio.getLast())));
            int width = (int) Math.round(Math.sqrt(area * shape));
            int height = (int) Math.round(Math.sqrt(area / shape));
            if (width >= 1 && height >= 1 && width <= image.width() && height <= image.height()) {
                int top = random.below(image.height() - height + 1);
                int left = random.below(image.width() - width + 1);
                return stretched(image, top, left, height, width);
            }
        }
        return image; // no part of this shape fits
    }

    /// A part of an image at the size of the whole. What lies beside the part does not come in.
    static Image stretched(Image image, int top, int left, int height, int width) {
        double down = (double) height / image.height();
        double across = (double) width / image.width();
        return new Resampler(image, Border.EDGE).resampled((y, x, from) -> {
            from[0] = top + Math.clamp((y + 0.5) * down - 0.5, 0, height - 1);
            from[1] = left + Math.clamp((x + 0.5) * across - 0.5, 0, width - 1);
        });
    }
}
