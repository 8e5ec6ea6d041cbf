/// Scalar expressions: the bodies of elementwise ops as numbered instruction lists, their values, and their
/// derivatives, worked out once here for every elementwise op there will ever be. Sees `base` only.
@NullMarked
package org.gradus.expr;

import org.jspecify.annotations.NullMarked;
