/// The graph language: the sealed op families, nodes and tensors, the tracer that records them, scopes that declare
/// state by path, and the printers. Sees `base` and `expr`.
@NullMarked
package org.gradus.graph;

import org.jspecify.annotations.NullMarked;
