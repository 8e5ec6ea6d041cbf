package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;

/// Writes a state when the step ends. The output is the value written.
public record Assign(StateKey key) implements Op {
    @Override
    public String name() {
        return "assign";
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Check.count(this, inputs, 1);
        if (!inputs.get(0).equals(key.type())) {
            throw new GradusException(
                    "assign-type",
                    "assign: the state `" + key.path() + "` is " + key.type() + ", but the value is " + inputs.get(0)
                            + ". A state keeps its type and shape: cast, reshape or broadcast the value.");
        }
        return inputs;
    }
}
