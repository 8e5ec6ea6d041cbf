/// Single kernels under JMH, without a plan or a session around them, on one thread.
package org.gradus.bench.jmh;
