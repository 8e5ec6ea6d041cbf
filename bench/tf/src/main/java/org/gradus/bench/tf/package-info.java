/// The rows in TensorFlow for Java.
@NullMarked
package org.gradus.bench.tf;

import org.jspecify.annotations.NullMarked;
