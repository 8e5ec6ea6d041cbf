package org.gradus.ops;

import org.gradus.graph.Tensor;

/// Elements that were picked from a tensor, and where they stood.
///
/// @param values the elements
/// @param indices their positions along the axis that was searched (of pooling: row-major over the spatial axes),
///     `int64`, of the same shape
public record Selection(Tensor values, Tensor indices) {}
