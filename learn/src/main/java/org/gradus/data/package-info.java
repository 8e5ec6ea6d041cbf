/// Data sets: examples with labels, the readers of files that hold them, splits, seeded orders, batches and scalings, and
/// the two sets that come with the library. Files and arrays in, arrays out: it sees `base` alone, no tensors and no
/// layers.
@NullMarked
package org.gradus.data;

import org.jspecify.annotations.NullMarked;
