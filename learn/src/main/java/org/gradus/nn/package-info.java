/// Layers, losses, metrics and initial values. A layer is a record of its hyper-parameters and sub-layers that
/// declares its state through the scope; it sees the graph language, its ops and nothing above.
@NullMarked
package org.gradus.nn;

import org.jspecify.annotations.NullMarked;
