/// The words everything else is written in: element types, shapes, arrays of numbers, counter-based random bits,
/// the one exception type, and the place in the user's program where something was made. Sees no other package.
@NullMarked
package org.gradus.base;

import org.jspecify.annotations.NullMarked;
