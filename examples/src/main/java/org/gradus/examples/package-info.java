/// Small programs to read and to start from: a fit with derivatives alone, the lecture's two sweeps, a perceptron whose
/// gradients are also written out by hand.
@NullMarked
package org.gradus.examples;

import org.jspecify.annotations.NullMarked;
