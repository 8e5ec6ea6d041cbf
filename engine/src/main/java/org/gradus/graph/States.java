package org.gradus.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.base.GradusException;

/// The states that one step has touched: under each path one declaration, the value at the start of the step and the
/// value written so far. Where the values come from and go to, the session says.
public final class States {
    private final Tracer tracer;
    private final Tensor randomKey;
    private final Function<StateKey, Tensor> source;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    private static final class Entry {
        final StateKey key;
        final Tensor start;
        Tensor pending;

        Entry(StateKey key, Tensor start) {
            this.key = key;
            this.start = start;
            this.pending = start;
        }
    }

    /// @param tracer what the step runs under
    /// @param randomKey seed and step, `int64[2]`
    /// @param source the value of a state at the start of the step, asked once for each
    public States(Tracer tracer, Tensor randomKey, Function<StateKey, Tensor> source) {
        this.tracer = tracer;
        this.randomKey = randomKey;
        this.source = source;
    }

    /// The states of a trace: each is read by a node of its own.
    public static States traced(Trace trace, Tensor randomKey) {
        return new States(trace, randomKey, key -> trace.applyOne(new Source.State(key)));
    }

    /// All declarations, in order of first use.
    public List<StateKey> keys() {
        return entries.values().stream().map(entry -> entry.key).toList();
    }

    /// The value at the start of the step.
    public Tensor start(StateKey key) {
        return entry(key).start;
    }

    /// What was written, by declaration.
    public Map<StateKey, Tensor> written() {
        Map<StateKey, Tensor> written = new LinkedHashMap<>();
        entries.values().stream()
                .filter(entry -> entry.pending != entry.start)
                .forEach(entry -> written.put(entry.key, entry.pending));
        return written;
    }

    Tensor read(StateKey key) {
        Entry entry = entries.get(key.path());
        if (entry == null) {
            entry = new Entry(key, source.apply(key));
            entries.put(key.path(), entry);
        }
        if (!entry.key.type().equals(key.type()) || entry.key.role() != key.role()) {
            throw new GradusException(
                    "state-declared-twice",
                    "The state `" + key.path() + "` is declared as " + entry.key.described() + " and as "
                            + key.described()
                            + ". One path is one state: give one of the two another name, or both one shape and role"
                            + " to share it.");
        }
        return entry.start;
    }

    Tensor pending(StateKey key) {
        return entry(key).pending;
    }

    boolean isWritten(StateKey key) {
        return entry(key).pending != entry(key).start;
    }

    /// Writes the state at the end of the step.
    public void write(StateKey key, Tensor value) {
        entry(key).pending = tracer.applyOne(new Assign(key), value);
    }

    /// The declaration of a state by the tensor that was read.
    StateKey key(Tensor state) {
        return entries.values().stream()
                .filter(entry -> entry.start == state)
                .map(entry -> entry.key)
                .findFirst()
                .orElseThrow(() -> new GradusException(
                        "assign-no-state",
                        "The tensor " + state.described()
                                + ", is no state of this step. Assign to what `parameter` or `buffer` returned."));
    }

    Tensor randomKey() {
        return randomKey;
    }

    int use(String path) {
        return uses.merge(path, 1, Integer::sum) - 1;
    }

    Tracer tracer() {
        return tracer;
    }

    private Entry entry(StateKey key) {
        Entry entry = entries.get(key.path());
        if (entry == null) {
            throw new GradusException(
                    "assign-no-state",
                    "The state `" + key.path() + "` is not declared in this step, but " + entries.keySet()
                            + " are. Declare it with `parameter` or `buffer` first.");
        }
        return entry;
    }
}
