package org.gradus.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.jspecify.annotations.Nullable;

/// A tracer that notes ops down instead of computing them. [#finish] closes it into a [Graph].
///
/// Values known while tracing are captured: frozen into the graph as constants, each array once, and listed by the
/// graph.
public final class Trace extends Tracer {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final IdentityHashMap<Array, Tensor> captured = new IdentityHashMap<>();
    private boolean closed;

    /// An empty trace.
    public Trace() {}

    /// A value handed in at each run.
    public Tensor input(String name, TensorType type) {
        for (Tensor input : inputs) {
            if (input.node().op().name().equals(name)) {
                throw new GradusException(
                        "input-twice",
                        "The input `" + name + "`, " + type + ", is added to a trace that has " + input.described()
                                + ". Name the two apart.");
            }
        }
        Tensor input = applyOne(new Source.Input(name, type));
        inputs.add(input);
        return input;
    }

    /// The closed graph that computes these outputs; the trace takes no more ops.
    public Graph finish(List<Tensor> outputs) {
        List<Tensor> lifted = outputs.stream().map(this::lift).toList();
        closed = true;
        return new Graph(nodes, inputs, lifted);
    }

    @Override
    public boolean isRecording() {
        return true;
    }

    @Override
    public Tracer recorder() {
        return this;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    protected Tensor lift(Tensor tensor) {
        if (tensor.tracer() == this) {
            if (closed) {
                throw new GradusException(
                        "trace-closed",
                        "The tensor " + tensor.described()
                                + ", belongs to a trace that is finished. Return what you need from the traced function.");
            }
            return tensor;
        }
        Array value = tensor.value();
        if (value == null || tensor.isRecorded()) {
            throw new GradusException(
                    "trace-foreign",
                    "The tensor " + tensor.described()
                            + ", belongs to another trace. Hand it over as an argument of the function that is traced"
                            + " here, or keep its numbers (`array()`) outside.");
        }
        Tensor known = captured.get(value);
        if (known == null) {
            known = constant(value);
            captured.put(value, known);
        }
        return known;
    }

    @Override
    protected List<@Nullable Array> values(Op op, List<Tensor> arguments, List<TensorType> types) {
        if (closed) {
            throw new GradusException(
                    "trace-closed",
                    op.name() + ": the trace is finished. Return what you need from the traced function.");
        }
        return List.of();
    }

    @Override
    protected void note(Node node) {
        nodes.add(node);
    }
}
