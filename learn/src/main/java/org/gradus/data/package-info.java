/// Data sets in memory: examples with labels, splits, seeded orders, batches and scalings, and the two sets that come
/// with the library. Arrays in, arrays out: it sees `base` alone, no tensors and no layers.
@NullMarked
package org.gradus.data;

import org.jspecify.annotations.NullMarked;
