/// Computing at once: the tracer that evaluates every op where it is written, and the plain interpreter behind it. The
/// interpreter is the oracle of every test: short, obvious, in `double` and `long`, with simple loops. Sees `base`,
/// `expr` and `graph`.
@NullMarked
package org.gradus.eager;

import org.jspecify.annotations.NullMarked;
