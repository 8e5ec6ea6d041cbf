package org.gradus.graph;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Source.Distribution;

/// Random numbers that depend on seed, step, stream and position alone: not on threads, layout or the order of calls.
/// One stream is drawn from once; a second draw of the same shape gives the same numbers.
///
/// @param key seed and step, `int64[2]`
/// @param stream what tells this use from every other
public record RandomStream(Tensor key, long stream) {
    /// Numbers of a distribution.
    public Tensor draw(Distribution distribution, Type type, Shape shape) {
        return key.tracer().applyOne(new Source.Random(distribution, new TensorType(type, shape), stream), key);
    }
}
