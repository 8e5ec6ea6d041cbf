/// Plans: a closed graph in the order in which it runs. Sees `graph` and below.
@NullMarked
package org.gradus.plan;

import org.jspecify.annotations.NullMarked;
