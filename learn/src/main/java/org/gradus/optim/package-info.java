/// Optimizers: chains of small update rules that turn gradients into steps, and schedules of the numbers that change
/// while training goes on. Rules are written in tensor ops and keep their state through the scope; it sees the graph
/// language and its ops, no layers and no sessions.
@NullMarked
package org.gradus.optim;

import org.jspecify.annotations.NullMarked;
