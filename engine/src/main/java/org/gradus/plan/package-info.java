/// Plans: a closed graph made ready to run. Lowering, fusion, places in memory, and the text that shows them. Says what
/// each kernel computes in full, never how. Sees `graph` and below.
@NullMarked
package org.gradus.plan;

import org.jspecify.annotations.NullMarked;
