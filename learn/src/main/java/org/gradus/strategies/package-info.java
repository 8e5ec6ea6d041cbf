/// Trainings that are made of several: ensembles, cross-validation, phases that start from one another, pre-training; and
/// what steers a single one: a curriculum, a search for its learning rate. Sees `train` and below.
@NullMarked
package org.gradus.strategies;

import org.jspecify.annotations.NullMarked;
