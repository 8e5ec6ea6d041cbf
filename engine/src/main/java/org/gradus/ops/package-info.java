/// The user's vocabulary: static functions over tensors, each written in the op families of `graph`. Names follow
/// PyTorch. Sees `base`, `expr` and `graph`.
@NullMarked
package org.gradus.ops;

import org.jspecify.annotations.NullMarked;
