package org.gradus.graph;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Origin;
import org.gradus.base.TensorType;
import org.jspecify.annotations.Nullable;

/// What happens when an op meets tensors: a [Trace] notes it down, the eager interpreter computes it at once. The same
/// program runs under either. A tracer belongs to one thread at a time.
public abstract class Tracer {
    private int nodes;
    private String path = "";
    private @Nullable Origin override;

    /// A tracer that has seen nothing yet.
    protected Tracer() {}

    /// The outputs of an op on these tensors.
    ///
    /// @throws GradusException at the user's line when they do not fit, naming the layer, the op, both facts and where
    ///     the inputs came from
    public final List<Tensor> apply(Op op, List<Tensor> inputs) {
        Origin origin = override != null ? override : Origin.here();
        List<Tensor> lifted = inputs.stream().map(this::lift).toList();
        try {
            List<TensorType> types = op.infer(lifted.stream().map(Tensor::type).toList());
            List<@Nullable Array> values = values(op, lifted, types);
            Node node = new Node(this, nodes++, op, isRecording() ? lifted : List.of(), types, values, origin, path);
            note(node);
            return node.outputs();
        } catch (GradusException e) {
            throw e.framed(path.isEmpty() ? "" : "`" + path + "`: ", told(inputs, e));
        }
    }

    /// The only output of an op on these tensors.
    public final Tensor applyOne(Op op, Tensor... inputs) {
        return apply(op, List.of(inputs)).get(0);
    }

    /// A value known now, as a tensor of this tracer.
    public final Tensor constant(Array array) {
        return applyOne(new Source.Constant(array));
    }

    /// Does `work` with every node's path below `name`.
    public final <T> T inside(String name, Supplier<T> work) {
        String outer = path;
        path = outer.isEmpty() ? name : outer + "." + name;
        try {
            return work.get();
        } finally {
            path = outer;
        }
    }

    /// Does `work` in the name of `node`: what it adds has that node's path and origin. Passes that write graph use it.
    public final <T> T onBehalfOf(Node node, Supplier<T> work) {
        String outer = path;
        Origin before = override;
        path = node.path();
        override = node.origin();
        try {
            return work.get();
        } finally {
            path = outer;
            override = before;
        }
    }

    /// Whether nodes keep their inputs, so that derivatives can be taken.
    public abstract boolean isRecording();

    /// This tracer where it records, else a new one that does.
    public abstract Tracer recorder();

    /// Ends the recording: later use of its tensors is an error (a trace) or sees values only (eager).
    public abstract void close();

    /// A tensor that this tracer can use: its own as they are, known values as constants.
    ///
    /// @throws GradusException for a tensor of another trace
    protected abstract Tensor lift(Tensor tensor);

    /// The outputs' values, or an empty list when they are not known yet.
    protected abstract List<@Nullable Array> values(Op op, List<Tensor> inputs, List<TensorType> types);

    /// Notes a new node down.
    protected abstract void note(Node node);

    /// Lets go of a node's inputs when its recording has ended.
    protected static void forget(Node node) {
        node.forget();
    }

    /// The tracer that an op on these tensors runs under: a recording one before one that only computes.
    public static Tracer of(List<Tensor> inputs) {
        if (inputs.isEmpty()) {
            throw new GradusException("input-count", "This op takes at least 1 tensor, but was given none.");
        }
        Tracer chosen = inputs.get(0).tracer();
        for (Tensor input : inputs) {
            if (input.tracer() instanceof Trace || (input.tracer().isRecording() && !chosen.isRecording())) {
                chosen = input.tracer();
            }
        }
        return chosen;
    }

    private static String told(List<Tensor> inputs, GradusException e) {
        if (inputs.isEmpty() || e.getCause() instanceof GradusException) {
            return "";
        }
        String list = inputs.stream().map(Tensor::described).collect(Collectors.joining("; "));
        return (inputs.size() == 1 ? " Input: " : " Inputs: ") + list + ".";
    }
}
