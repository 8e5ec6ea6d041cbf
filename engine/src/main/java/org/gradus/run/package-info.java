/// Sessions, which own the numbers of a model, and steps, which are traced once for each kind of input and replayed.
/// Sees everything below; the plan is made in `plan`, its entries are bound to kernels here; the
/// plain interpreter runs what has none.
@NullMarked
package org.gradus.run;

import org.jspecify.annotations.NullMarked;
