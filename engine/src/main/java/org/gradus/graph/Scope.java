package org.gradus.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// Where a layer stands in its model: its path, the mode it runs in, and the state below its path. State is touched
/// only through here.
///
/// Reads see the start of the step, writes happen at its end. The same path twice is one shared state.
public final class Scope {
    /// What the model is run for.
    public enum Mode {
        /// Gradients follow; dropout drops, batch norm uses the batch.
        TRAIN,
        /// Prediction.
        EVAL,
        /// One pass over the training data that gathers population statistics.
        CALIBRATE
    }

    private final States states;
    private final Mode mode;
    private final Type type;
    private final String path;
    private final List<Declaration> declarations; // the outermost first
    private final Watcher watcher;

    /// Somebody who is told of each layer that a model calls while it is traced, in the order in which they end.
    @FunctionalInterface
    public interface Watcher {
        /// Takes notice.
        ///
        /// @param path of the layer, such as `features.3`
        /// @param y what it made of its input
        void called(String path, Layer layer, Tensor y);
    }

    private Scope(States states, Mode mode, Type type, String path, List<Declaration> declarations, Watcher watcher) {
        this.states = states;
        this.mode = mode;
        this.type = type;
        this.path = path;
        this.declarations = declarations;
        this.watcher = watcher;
    }

    /// The scope of a whole model.
    ///
    /// @param type the type of parameters, `float32` or `float64`
    public static Scope root(States states, Mode mode, Type type) {
        return new Scope(states, mode, type, "", List.of(), (path, layer, y) -> {});
    }

    /// The output of a layer that stands in this one under `name`.
    public Tensor call(String name, Layer layer, Tensor x) {
        return within(name, inner -> {
            Tensor y = layer.forward(inner, x);
            watcher.called(inner.path, layer, y);
            return y;
        });
    }

    /// What `work` makes in the scope that stands in this one under `name`: for layers with several inputs or results.
    public <T> T within(String name, Function<Scope, T> work) {
        Scope inner = new Scope(states, mode, type, below(name), declarations, watcher);
        return states.tracer().inside(name, () -> work.apply(inner));
    }

    /// This scope with another way to make the parameters that are declared in it and below.
    public Scope declaring(Declaration declaration) {
        return new Scope(
                states,
                mode,
                type,
                path,
                Stream.concat(declarations.stream(), Stream.of(declaration)).toList(),
                watcher);
    }

    /// This scope, with somebody who is told of each [#call] in it and below.
    public Scope watched(Watcher by) {
        return new Scope(states, mode, type, path, declarations, by);
    }

    /// A trained parameter of the layer.
    ///
    /// @throws GradusException when the path is declared with another shape or role already
    public Tensor parameter(String name, StateKey.Role role, Initial initial, int... sizes) {
        if (declarations.isEmpty()) {
            return states.read(new StateKey(below(name), new TensorType(type, Shape.of(sizes)), role, initial));
        }
        int last = declarations.size() - 1;
        Scope outer = new Scope(states, mode, type, path, declarations.subList(0, last), watcher);
        return declarations.get(last).declare(outer, name, role, initial, sizes);
    }

    /// A state that is not trained.
    ///
    /// @throws GradusException when the path is declared with another shape or role already
    public Tensor buffer(String name, TensorType bufferType, Initial initial) {
        return states.read(new StateKey(below(name), bufferType, StateKey.Role.BUFFER, initial));
    }

    /// Writes a state, once in a step.
    ///
    /// @param state what [#parameter] or [#buffer] gave
    /// @throws GradusException when this step has written it already, or `state` is none
    public void assign(Tensor state, Tensor value) {
        StateKey key = states.key(state);
        if (states.isWritten(key)) {
            throw new GradusException(
                    "assign-twice",
                    "The state `" + key.path() + "` is assigned twice in one step, first at "
                            + states.pending(key).node().origin() + ". Chain the changes with"
                            + " `update(state, old -> new)`, or assign once.");
        }
        states.write(key, value);
    }

    /// Changes a state, starting from what this step has made of it so far.
    public void update(Tensor state, UnaryOperator<Tensor> change) {
        StateKey key = states.key(state);
        states.write(key, change.apply(states.pending(key)));
    }

    /// The trained parameters that the whole model has declared in this step so far, in order of first use.
    public Map<StateKey, Tensor> parameters() {
        Map<StateKey, Tensor> parameters = new LinkedHashMap<>();
        states.keys().stream()
                .filter(key -> key.role().isTrained())
                .forEach(key -> parameters.put(key, states.start(key)));
        return parameters;
    }

    /// A stream of random numbers of this place and use.
    public RandomStream random() {
        return new RandomStream(states.randomKey(), Philox.stream(path, states.use(path)));
    }

    /// What the model is run for.
    public Mode mode() {
        return mode;
    }

    /// The type of parameters.
    public Type type() {
        return type;
    }

    /// The layer's path, such as `features.3`; empty for the model itself.
    public String path() {
        return path;
    }

    private String below(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
