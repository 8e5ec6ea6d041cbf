/// Differentiation, from graph to graph: rules in both modes for every op family, and the derivatives that people ask
/// for, with or without a network. Sees `graph` and below.
@NullMarked
package org.gradus.autodiff;

import org.jspecify.annotations.NullMarked;
