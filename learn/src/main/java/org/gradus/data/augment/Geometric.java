package org.gradus.data.augment;

/// A [Distortion] that moves pixels by one linear map of the plane. Several that follow each other and agree on what
/// lies
/// beyond the border are applied as one, so that pixels are interpolated once.
public sealed interface Geometric extends Distortion permits Rotation, Scale, Shear, Translation {
    /// Where pixels move to.
    Affine map(Image image, Draws random);

    /// What lies beyond the border.
    Border border();

    @Override
    default Image apply(Image image, Draws random) {
        return map(image, random).resampled(image, border());
    }
}
