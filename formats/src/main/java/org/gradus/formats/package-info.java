/// Readers and writers of files of arrays. Uses `base` alone: no tensors, no layers.
@NullMarked
package org.gradus.formats;

import org.jspecify.annotations.NullMarked;
