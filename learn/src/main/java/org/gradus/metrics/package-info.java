/// How good predictions are: accuracy, confusion, precision and recall, areas under curves, calibration and the errors of
/// numbers, computed in `double` from what a model said and what was right. It sees `base` alone.
@NullMarked
package org.gradus.metrics;

import org.jspecify.annotations.NullMarked;
