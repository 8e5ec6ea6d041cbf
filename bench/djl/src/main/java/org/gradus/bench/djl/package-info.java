/// The rows in DJL on PyTorch's native CPU engine.
@NullMarked
package org.gradus.bench.djl;

import org.jspecify.annotations.NullMarked;
