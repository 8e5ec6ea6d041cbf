/// What every side of a comparison shares: the rows, their numbers, and how a process is asked to measure. It knows the
/// Java platform alone, so that a peer's process holds nothing of Gradus.
@NullMarked
package org.gradus.bench.side;

import org.jspecify.annotations.NullMarked;
