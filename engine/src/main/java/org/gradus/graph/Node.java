package org.gradus.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.gradus.base.Array;
import org.gradus.base.Origin;
import org.gradus.base.TensorType;
import org.jspecify.annotations.Nullable;

/// One use of an op: its inputs, its outputs, and where the user wrote it. Nodes have identity; two are never equal.
public final class Node {
    private final int id;
    private final Op op;
    private List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final Origin origin;
    private final String path;

    Node(
            Tracer tracer,
            int id,
            Op op,
            List<Tensor> inputs,
            List<TensorType> types,
            List<@Nullable Array> values,
            Origin origin,
            String path) {
        this.id = id;
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.origin = origin;
        this.path = path;
        List<Tensor> made = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            made.add(new Tensor(tracer, this, i, types.get(i), values.isEmpty() ? null : values.get(i)));
        }
        this.outputs = List.copyOf(made);
    }

    /// The node's number in its trace, ascending in the order of recording: inputs have smaller ones.
    public int id() {
        return id;
    }

    /// What it computes.
    public Op op() {
        return op;
    }

    /// What it computes with; empty where that was not kept, as under a tracer that does not record.
    public List<Tensor> inputs() {
        return inputs;
    }

    /// Lets go of the inputs, so that a result that is kept does not keep all that led to it.
    void forget() {
        inputs = List.of();
    }

    /// Its results.
    public List<Tensor> outputs() {
        return outputs;
    }

    /// The user's line.
    public Origin origin() {
        return origin;
    }

    /// The path of the scope that it was made in; empty outside of every layer.
    public String path() {
        return path;
    }

    /// Such as `%5 = matmul %3 %4: float32[64, 10] // LeNet.java:41`.
    @Override
    public String toString() {
        String made = outputs.stream().map(Tensor::label).collect(Collectors.joining(", "));
        String from = inputs.stream().map(input -> " " + input.label()).collect(Collectors.joining());
        String types = outputs.stream().map(t -> t.type().toString()).collect(Collectors.joining(", "));
        return made + " = " + op.name() + from + ": " + types + " // " + origin;
    }
}
