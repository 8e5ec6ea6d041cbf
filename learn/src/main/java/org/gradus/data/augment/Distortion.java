package org.gradus.data.augment;

/// An [Augmentation] that changes an image and not what it shows.
@FunctionalInterface
public non-sealed interface Distortion extends Augmentation {
    /// The changed image, of the same size; the one given may be changed and returned.
    ///
    /// @param random all that it may depend on besides the image
    Image apply(Image image, Draws random);
}
