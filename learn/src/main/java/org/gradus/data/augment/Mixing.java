package org.gradus.data.augment;

/// An [Augmentation] that makes one image of two. What it shows is then a mixture too: labels become probabilities of
/// the
/// classes, or means of the numbers.
@FunctionalInterface
public non-sealed interface Mixing extends Augmentation {
    /// Mixes another image into one, in place.
    ///
    /// @param other of the same size; not changed
    /// @param random all that it may depend on besides the images
    /// @return how much of the first is left, from 0 to 1
    double mix(Image image, Image other, Draws random);
}
