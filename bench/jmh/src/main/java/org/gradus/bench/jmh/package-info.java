/// Single kernels under JMH, without a plan or a session around them, on one thread.
@NullMarked
package org.gradus.bench.jmh;

import org.jspecify.annotations.NullMarked;
