/// Training: a step is traced from model, loss, gradients and update rules, and run over batches of data; what happens
/// is told as a stream of events, and everything that people see of it is a listener. Checkpoints let a run go on in
/// another process. Sees `nn`, `optim`, `data`, `run`, `formats` and below.
@NullMarked
package org.gradus.train;

import org.jspecify.annotations.NullMarked;
