/// The loops that do the work, emitted as small hidden classes: elementwise maps, reductions, products; the threads
/// that run them; and the choice of how many numbers they handle at once. Everything that touches the Vector API lives
/// here, by name only. Sees `base` and `expr`; a kernel knows arrays, offsets and sizes, never a graph.
@NullMarked
package org.gradus.kernel;

import org.jspecify.annotations.NullMarked;
