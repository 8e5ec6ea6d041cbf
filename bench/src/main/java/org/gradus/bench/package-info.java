/// The command `./gradus bench`: it starts a process for each side of a row, lets them measure in turn, and prints one
/// table. Gradus' own side is here too. With `--accuracy` it trains networks on real data instead.
@NullMarked
package org.gradus.bench;

import org.jspecify.annotations.NullMarked;
