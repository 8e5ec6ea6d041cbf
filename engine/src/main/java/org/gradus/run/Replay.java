package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import jdk.jfr.FlightRecorder;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;
import org.jspecify.annotations.Nullable;

/// A plan with its memory, ready to run again and again: every slot is one Java array from the beginning, and every
/// entry is a job that is bound to these. Inputs are copied in, results and states out.
final class Replay {
    private final Plan plan;
    private final Session session;
    private final Memory memory;
    private final List<TensorType> inputs;
    private final @Nullable Object[] staging; // for each input, `null` if no entry reads it
    private final long @Nullable [] key;
    private final Job[] jobs;
    private final Object[] committed; // the states' arrays
    private final int standing; // jobs, the first ones, that are done while no state changes
    private long seen = -1; // the session's changes when they were done
    private final List<Plan.Commit> commits; // of those whose new value does not lie there already
    private @Nullable KernelEvent recorded; // says whether such events are; none until Flight Recorder has begun

    /// @param inputs the types of the inputs
    /// @param names their slots' names
    Replay(Plan plan, Session session, List<TensorType> inputs, List<String> names, String keyName) {
        this.plan = plan;
        this.session = session;
        this.inputs = inputs;
        staging = new Object[inputs.size()];
        Object[] slots = new Object[plan.slots().size()];
        long[] random = null;
        for (int i = 0; i < slots.length; i++) {
            switch (plan.slots().get(i)) {
                case Slot.Arena(var type, int extent) -> slots[i] = Memory.zeros(type, extent);
                case Slot.Frozen(Array array) -> slots[i] = Session.copy(array).storage();
                case Slot.Held(var state) -> slots[i] = session.held(state);
                case Slot.Given(String name, _) -> {
                    if (name.equals(keyName)) {
                        random = new long[2];
                        slots[i] = random;
                    } else {
                        int input = names.indexOf(name);
                        slots[i] = Array.zeros(inputs.get(input)).storage();
                        staging[input] = slots[i];
                    }
                }
            }
        }
        key = random;
        standing = plan.standing();
        memory = new Memory(plan, slots, session.threads(), session.isPrecise());
        jobs = Draft.bound(
                plan.entries().stream().map(entry -> Drafts.of(entry, memory)).toList());
        commits = plan.commits().stream()
                .filter(commit -> !(plan.slots().get(commit.place().slot()) instanceof Slot.Held(var held)
                        && held.equals(commit.key())))
                .toList();
        committed = commits.stream().map(commit -> session.held(commit.key())).toArray();
    }

    Plan plan() {
        return plan;
    }

    List<TensorType> inputs() {
        return inputs;
    }

    /// Whether its kernels are those of a precise session.
    boolean isPrecise() {
        return memory.isPrecise();
    }

    /// Whether it was made for inputs of these types.
    boolean takes(Array... given) {
        boolean same = given.length == inputs.size();
        for (int i = 0; same && i < given.length; i++) {
            same = given[i].type().equals(inputs.get(i));
        }
        return same;
    }

    /// Runs all entries; the results stay where they are until [#commit].
    void run(Array... given) {
        for (int i = 0; i < given.length; i++) {
            Object to = staging[i];
            if (to != null) {
                System.arraycopy(given[i].storage(), 0, to, 0, given[i].count());
            }
        }
        if (key != null) {
            key[0] = session.seed();
            key[1] = session.steps();
        }
        if (!plan.commits().isEmpty()) {
            session.change();
        }
        long changes = session.changes();
        memory.setChanged(seen != changes);
        seen = -1;
        int first = memory.isChanged() ? 0 : standing;
        if (isRecorded()) {
            runRecorded(first);
        } else {
            for (int i = first; i < jobs.length; i++) {
                jobs[i].run();
            }
        }
        seen = changes;
    }

    private boolean isRecorded() {
        KernelEvent known = recorded;
        if (known == null && FlightRecorder.isInitialized()) {
            known = new KernelEvent();
            recorded = known;
        }
        return known != null && known.isEnabled();
    }

    private void runRecorded(int first) {
        for (int i = first; i < jobs.length; i++) {
            KernelEvent event = new KernelEvent();
            event.begin();
            jobs[i].run();
            event.end();
            if (event.shouldCommit()) {
                Plan.Entry entry = plan.entries().get(i);
                event.entry = i;
                event.label = entry.label();
                event.path = entry.path();
                event.flops = entry.flops();
                event.bytes = plan.bytes(entry);
                event.commit();
            }
        }
    }

    /// New arrays for the results.
    Array[] results() {
        return plan.results().stream().map(result -> Array.zeros(result.type())).toArray(Array[]::new);
    }

    /// Checks that these arrays can take the results.
    ///
    /// @throws IllegalArgumentException when they have other types
    void demand(Array... results) {
        boolean fits = results.length == plan.results().size();
        for (int i = 0; fits && i < results.length; i++) {
            fits = results[i].type().equals(plan.results().get(i).type());
        }
        if (!fits) {
            throw new IllegalArgumentException("The results are "
                    + plan.results().stream().map(Plan.Result::type).toList()
                    + ", and the arrays for them must be the same.");
        }
    }

    /// Copies the results of the last run.
    void read(Array... results) {
        for (int i = 0; i < results.length; i++) {
            memory.read(plan.results().get(i).place(), results[i].storage());
        }
    }

    /// Copies what the last run has computed for states into these.
    void commit() {
        for (int i = 0; i < committed.length; i++) {
            memory.read(commits.get(i).place(), committed[i]);
        }
    }

    /// The plan, which of its entries the interpreter runs, and which convolutions are not computed tap by tap.
    String explanation() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < jobs.length; i++) {
            Plan.Entry entry = plan.entries().get(i);
            String method = jobs[i].isInterpreted()
                    ? "interpreted"
                    : entry.work() instanceof Computation.Contraction work
                            ? Contractions.method(work, isPrecise())
                            : "";
            if (!method.isEmpty()) {
                lines.add(method + ": " + i + " " + entry.label() + System.lineSeparator());
            }
        }
        boolean all = lines.stream().noneMatch(line -> line.startsWith("interpreted"));
        return plan + String.join("", lines) + (all ? "all on kernels" + System.lineSeparator() : "");
    }
}
