package org.gradus.graph;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;

/// An op with a name of its own whose meaning is written in other ops. It works at once everywhere, and may have its
/// own derivative rules and its own kernel.
public record Named(Definition definition) implements Op {
    @Override
    public String name() {
        return definition.name();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Trace trace = new Trace();
        List<Tensor> arguments = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            arguments.add(trace.input("x" + i, inputs.get(i)));
        }
        try {
            return definition.define(arguments).stream().map(Tensor::type).toList();
        } catch (GradusException e) { // the tracer adds the true inputs
            String said = e.getCause() instanceof GradusException raw ? raw.getMessage() : e.getMessage();
            throw new GradusException(e.kind(), name() + ": " + said);
        }
    }
}
