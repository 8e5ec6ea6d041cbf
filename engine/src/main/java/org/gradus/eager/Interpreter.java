package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Definition;
import org.gradus.graph.Index;
import org.gradus.graph.Library;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.View;
import org.gradus.graph.Window;

/// What every op means, in numbers: the plain way, one family after the other. The oracle of every kernel.
///
/// Floating-point ops compute and accumulate in `double` and round each result once; integer ops compute in `long` and
/// keep the low bits.
public final class Interpreter {
    private Interpreter() {}

    /// The outputs of an op on these inputs.
    ///
    /// @param outputs what [Op#infer] says of them
    /// @throws GradusException for numbers that the op cannot work on, such as a place outside of an axis
    public static List<Array> run(Op op, List<Array> inputs, List<TensorType> outputs) {
        return switch (op) {
            case Source source -> List.of(source(source, inputs));
            case MapOp map -> Maps.run(map, inputs, outputs);
            case Reduce reduce -> List.of(Reductions.run(reduce, inputs.get(0), outputs.get(0)));
            case View view -> List.of(Views.run(view, inputs, outputs.get(0)));
            case Contract contract -> List.of(Contractions.run(contract, inputs.get(0), inputs.get(1), outputs.get(0)));
            case Window window -> Windows.run(window, inputs, outputs.get(0));
            case Index index -> List.of(Lookups.run(index, inputs.get(0), inputs.get(1), outputs.get(0)));
            case Scan scan -> List.of(Scans.run(scan, inputs));
            case Library.Sort sort -> Sorting.run(sort, inputs.get(0));
            case Library library -> Matrices.run(library, inputs, outputs);
            case Assign _ -> inputs;
            case Named(Definition definition) ->
                definition.define(inputs.stream().map(Eager::tensor).toList()).stream()
                        .map(Tensor::array)
                        .toList();
        };
    }

    private static Array source(Source source, List<Array> inputs) {
        return switch (source) {
            case Source.Constant(Array array) -> array;
            case Source.Iota(TensorType type, int axis) -> iota(type, axis);
            case Source.Random random -> random(random, inputs.get(0));
            case Source.Input input -> throw valueless("input", input);
            case Source.State state -> throw valueless("state", state);
        };
    }

    private static Array iota(TensorType type, int axis) {
        Shape shape = type.shape();
        int size = shape.size(axis);
        int stride = shape.strides()[axis];
        Array array = Array.zeros(type);
        for (int i = 0; i < array.count(); i++) {
            array.setLong(i, i / stride % size);
        }
        return array;
    }

    private static Array random(Source.Random op, Array key) {
        Philox philox = Philox.of(key.getLong(0), op.stream(), key.getLong(1));
        Array array = Array.zeros(op.type());
        for (int i = 0; i < array.count(); i++) {
            switch (op.distribution()) {
                case UNIFORM -> array.set(i, philox.uniform(op.type().type(), i));
                case NORMAL -> array.set(i, philox.normal(op.type().type(), i));
                case BITS -> array.setLong(i, philox.bits(i));
            }
        }
        return array;
    }

    private static GradusException valueless(String what, Source source) {
        return new GradusException(
                "source-without-value",
                "The " + what + " `" + source.name() + "`, " + source.type()
                        + ", has no numbers of its own, and eager computation hands none in. Trace the function that"
                        + " uses it, or run it as a step of a session.");
    }
}
