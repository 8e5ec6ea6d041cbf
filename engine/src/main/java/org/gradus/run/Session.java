package org.gradus.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.States;
import org.gradus.graph.Tensor;
import org.gradus.kernel.Contraction;
import org.gradus.kernel.Lanes;

/// The numbers of one model: its parameters, buffers and step count. Layers, graphs and plans are descriptions and own
/// none. All steps of a session share its state. A session belongs to one thread at a time.
///
/// A state starts when a step first declares it, from the session's seed and the state's path alone, so the order of
/// declaration does not matter.
public final class Session {
    private final long seed;
    private final Type type;
    private final Threads threads;
    private final Map<String, StateKey> keys = new LinkedHashMap<>();
    private final Map<String, Array> values = new LinkedHashMap<>();
    private final Set<String> bound = new HashSet<>(); // the states whose arrays a plan works on
    private long steps;
    private long changes; // how often states were written, or may have been
    private boolean precise = Boolean.getBoolean("gradus.precise");

    /// A session without state yet, that computes on all processors.
    ///
    /// @param seed what every random number of it derives from
    /// @param type the type of parameters, `float32` or `float64`
    public Session(long seed, Type type) {
        this(seed, type, Runtime.getRuntime().availableProcessors());
    }

    /// A session that computes on so many threads. What it computes does not depend on their number.
    ///
    /// @param seed what every random number of it derives from
    /// @param type the type of parameters, `float32` or `float64`
    /// @param threads at least 1, the caller's included
    public Session(long seed, Type type, int threads) {
        if (!type.isFloating()) {
            throw new GradusException(
                    "session-type", "Parameters are float32 or float64, but the session was asked for " + type + ".");
        }
        this.seed = seed;
        this.type = type;
        this.threads = new Threads(threads);
    }

    /// A step that is traced once for each signature of inputs and then replayed.
    ///
    /// @param name what messages call it
    public Step step(String name, Scope.Mode mode, StepFunction function) {
        Contraction.prepare(type);
        return new Step(this, name, mode, function);
    }

    /// Runs a step function eagerly, so that a breakpoint in it shows numbers.
    public List<Array> eagerly(Scope.Mode mode, StepFunction function, Array... inputs) {
        Eager eager = new Eager().recorder();
        try {
            States states = new States(eager, eager.constant(randomKey()), key -> eager.constant(copy(value(key))));
            List<Tensor> arguments = new ArrayList<>();
            for (Array input : inputs) {
                arguments.add(eager.constant(input));
            }
            List<Tensor> outputs = declaring(() -> function.trace(Scope.root(states, mode, type), arguments));
            Map<StateKey, Array> written = new LinkedHashMap<>();
            states.written().forEach((key, tensor) -> written.put(key, tensor.array()));
            change();
            written.forEach((key, value) -> write(value, value(key)));
            count(mode);
            return outputs.stream().map(Tensor::array).toList();
        } finally {
            eager.close();
        }
    }

    /// All states declared so far, in order of declaration.
    public List<StateKey> states() {
        return List.copyOf(keys.values());
    }

    /// The value of a state, a copy.
    ///
    /// @throws GradusException when no step has declared it
    public Array state(String path) {
        Array value = values.get(path);
        if (value == null) {
            throw new GradusException(
                    "state-unknown",
                    "The session has no state `" + path + "`; it has " + values.keySet()
                            + ". States exist once a step that declares them has run.");
        }
        return copy(value);
    }

    /// Sets a state to a copy of these numbers, such as some read from a file. A state that no step has declared yet is
    /// kept for the step that will.
    ///
    /// @throws GradusException when it is declared with another type or shape
    public void setState(String path, Array value) {
        change();
        StateKey key = keys.get(path);
        if (key != null && !key.type().equals(value.type())) {
            throw mismatch(key, value);
        }
        Array known = values.get(path);
        if (known != null && known.type().equals(value.type())) {
            write(value, known); // plans are bound to this array
        } else {
            values.put(path, copy(value));
        }
    }

    /// How kernels compute on this machine, in words, such as `512-bit vectors (16 float32 lanes)` or `scalar`.
    public static String arithmetic() {
        return Lanes.describe();
    }

    /// The seed.
    public long seed() {
        return seed;
    }

    /// The type of parameters.
    public Type type() {
        return type;
    }

    /// A number that is another one whenever a state has been written since.
    long changes() {
        return changes;
    }

    /// Notes that a state is being written.
    void change() {
        changes++;
    }

    /// How many training steps have run.
    public long steps() {
        return steps;
    }

    /// Sets how many training steps have run, as when a session goes on where another one ended: random numbers and
    /// whatever else counts steps go on from there.
    ///
    /// @param steps at least 0
    public void setSteps(long steps) {
        this.steps = steps;
    }

    /// Whether convolutions are computed tap by tap, whatever their size.
    public boolean isPrecise() {
        return precise;
    }

    /// Asks for convolutions that are computed tap by tap, or for the usual: where it is faster, Winograd's method with tiles
    /// of 4 by 4, whose results are off by about 1e-5 of the largest one, and in which a NaN or an infinity spreads over
    /// its tile. Steps heed it from their next run on, so one that went wrong can be run again precisely. `-Dgradus.precise=true`
    /// asks all sessions at first.
    public void setPrecise(boolean precise) {
        this.precise = precise;
    }

    Threads threads() {
        return threads;
    }

    /// The Java array that holds a state for as long as the session lives.
    Object held(StateKey key) {
        bound.add(key.path());
        return value(key).storage();
    }

    /// The state's value, in an array that stays; its initial one at first.
    Array value(StateKey key) {
        StateKey known = keys.get(key.path());
        if (known != null && (!known.type().equals(key.type()) || known.role() != key.role())) {
            throw new GradusException(
                    "state-declared-twice",
                    "The state `" + key.path() + "` is " + known.described() + " in this session, and is asked for as "
                            + key.described()
                            + ". Did an input change its size? Else give it another name, or use another session.");
        }
        Array value = values.get(key.path());
        if (value == null) {
            value = copy(key.initial().values(key.type(), Philox.of(seed, Philox.stream(key.path(), -1), 0)));
        }
        if (!value.type().equals(key.type())) {
            throw mismatch(key, value);
        }
        keys.put(key.path(), key);
        values.put(key.path(), value);
        return value;
    }

    /// Does work that may declare states; if it fails, those that it declared are forgotten.
    <T> T declaring(Supplier<T> work) {
        Set<String> keysBefore = Set.copyOf(keys.keySet());
        Set<String> valuesBefore = Set.copyOf(values.keySet());
        boolean done = false;
        try {
            T result = work.get();
            done = true;
            return result;
        } finally {
            if (!done) {
                keys.keySet().removeIf(path -> !keysBefore.contains(path) && !bound.contains(path));
                values.keySet().removeIf(path -> !valuesBefore.contains(path) && !bound.contains(path));
            }
        }
    }

    Array randomKey() {
        return Array.of(Shape.of(2), seed, steps);
    }

    /// Counts a step that has run.
    void count(Scope.Mode mode) {
        if (mode == Scope.Mode.TRAIN) {
            steps++;
        }
    }

    static Array copy(Array array) {
        Array copy = Array.zeros(array.type());
        write(array, copy);
        return copy;
    }

    private static void write(Array from, Array to) {
        System.arraycopy(from.storage(), 0, to.storage(), 0, from.count());
    }

    private static GradusException mismatch(StateKey key, Array value) {
        return new GradusException(
                "state-type",
                "The state `" + key.path() + "` is " + key.type() + ", but was given " + value.type()
                        + ". Is it from another model?");
    }
}
