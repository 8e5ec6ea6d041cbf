/// Augmentation: examples that are distorted, recoloured, cut and mixed at random while a model trains, so that it
/// learns
/// what does not matter. Each kind is a record; [org.gradus.data.augment.Augmented] applies them to a data set.
@NullMarked
package org.gradus.data.augment;

import org.jspecify.annotations.NullMarked;
