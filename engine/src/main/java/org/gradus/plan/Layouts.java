package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.TensorType;
import org.gradus.graph.Assign;
import org.gradus.graph.Graph;
import org.gradus.graph.Node;
import org.gradus.graph.Source;
import org.gradus.graph.StateKey;
import org.jspecify.annotations.Nullable;

/// Gives the values of a plan their places, and its entries their last order.
///
/// A new value of a state is written right over the old one, if its own entry reads that element by element, and no other
/// one of this sort reads it at all. Such entries come behind all that may fail, so that a step that fails has not changed
/// anything, and behind all that read the old value: last, unless they join a stage.
final class Layouts {
    private final Graph graph;
    private final List<Draft> drafts;
    private final Map<Source, Value> lasting;
    private final List<Node> assigns;
    private final List<Draft.Part> results;
    private final List<Draft.Part> committed;
    private final Map<Value, List<Draft>> readers = new HashMap<>();
    private final Map<Value, Draft> writers = new HashMap<>();

    /// @param results where each output of the graph is to be found
    /// @param committed where the value of each assign is to be found
    Layouts(
            Graph graph,
            List<Draft> drafts,
            Map<Source, Value> lasting,
            List<Node> assigns,
            List<Draft.Part> results,
            List<Draft.Part> committed) {
        this.graph = graph;
        this.drafts = drafts;
        this.lasting = lasting;
        this.assigns = assigns;
        this.results = results;
        this.committed = committed;
        for (Draft draft : drafts) {
            draft.reads()
                    .forEach(read -> readers.computeIfAbsent(read.value(), _ -> new ArrayList<>())
                            .add(draft));
            draft.writes().forEach(value -> writers.put(value, draft));
        }
    }

    Plan plan() {
        List<Slot> slots = new ArrayList<>();
        assigns.forEach(assign -> lasting.computeIfAbsent(
                new Source.State(key(assign)),
                _ -> new Value(
                        key(assign).type(),
                        Order.rows(key(assign).type().shape().rank()),
                        false)));
        lasting.forEach((source, value) -> {
            value.lieAt(new Place(slots.size(), 0, value.type.shape().count()));
            slots.add(slot(source));
        });
        Map<Draft.Part, Value> over = overwritten();
        Set<Draft> last = new HashSet<>();
        over.forEach((part, old) -> {
            part.value().lieAt(old.place());
            last.add(writers.get(part.value()));
        });
        List<Draft> ordered = Stream.concat(
                        drafts.stream().filter(draft -> !last.contains(draft)),
                        drafts.stream().filter(last::contains))
                .toList();
        Set<Draft> standing = standing();
        List<List<Draft>> stages = new ArrayList<>();
        standing.forEach(draft -> stages.add(List.of(draft)));
        stages.addAll(Stages.of(
                ordered.stream().filter(draft -> !standing.contains(draft)).toList(), last));
        live(stages);
        standing.stream().flatMap(draft -> draft.writes().stream()).forEach(value -> value.lastRead = stages.size());
        Map<Value, Value> heirs = heirs(stages, over);
        Arenas.place(
                stages.stream()
                        .flatMap(List::stream)
                        .flatMap(draft -> draft.writes().stream())
                        .filter(value -> !value.hasPlace())
                        .toList(),
                heirs,
                slots);
        return new Plan(
                List.copyOf(slots),
                stages.stream()
                        .map(stage -> stage.size() == 1 ? stage.get(0).entry() : Stages.entry(stage))
                        .toList(),
                IntStream.range(0, results.size())
                        .mapToObj(i -> new Plan.Result(
                                graph.outputs().get(i).type(), results.get(i).place()))
                        .toList(),
                IntStream.range(0, assigns.size())
                        .mapToObj(i -> new Plan.Commit(
                                key(assigns.get(i)), committed.get(i).place()))
                        .toList());
    }

    /// What gives the same as long as no state changes, if the graph writes none: it need not run each time.
    private Set<Draft> standing() {
        Set<Draft> standing = new LinkedHashSet<>();
        Set<Value> known = new HashSet<>();
        lasting.forEach((source, value) -> {
            if (!(source instanceof Source.Input)) {
                known.add(value);
            }
        });
        for (Draft draft : assigns.isEmpty() ? drafts : List.<Draft>of()) {
            if (draft.reads().stream().allMatch(read -> known.contains(read.value()))) {
                standing.add(draft);
                known.addAll(draft.writes());
            }
        }
        return standing;
    }

    /// The new values of states that are written over the old ones, with these.
    private Map<Draft.Part, Value> overwritten() {
        Map<Draft.Part, Value> over = new LinkedHashMap<>();
        for (int i = 0; i < assigns.size(); i++) {
            Value old = lasting.get(new Source.State(key(assigns.get(i))));
            if (old != null && isOver(committed.get(i), old)) {
                over.put(committed.get(i), old);
            }
        }
        Set<Draft> last = new HashSet<>();
        over.keySet().forEach(part -> last.add(writers.get(part.value())));
        over.entrySet()
                .removeIf(entry -> readers.getOrDefault(entry.getValue(), List.of()).stream()
                        .anyMatch(reader ->
                                !reader.equals(writers.get(entry.getKey().value())) && last.contains(reader)));
        return over;
    }

    /// Whether a new value can be written over the old one by the last entries.
    private boolean isOver(Draft.Part part, Value old) {
        Value value = part.value();
        Draft writer = writers.get(value);
        return writer != null
                && writer.work() instanceof Computation.Loop loop
                && loop.type().isFloating() // those of integers may fail
                && !value.hasPlace()
                && part.extent() == value.type.shape().count()
                && writer.writes().stream().noneMatch(readers::containsKey)
                && Stream.concat(results.stream(), committed.stream())
                        .noneMatch(end -> end.value().equals(old))
                && alike(writer, loop, old);
    }

    /// Whether a loop reads a value element by element as it writes.
    private static boolean alike(Draft writer, Computation.Loop loop, Value old) {
        int count = old.type.shape().count();
        return IntStream.range(0, writer.reads().size())
                .filter(i -> writer.reads().get(i).value().equals(old))
                .allMatch(i -> writer.reads().get(i).extent() == count
                        && loop.shape().count() == count
                        && loop.reads().get(i).isDense(loop.shape()));
    }

    /// Values of working memory that are written right over others: what a loop is the last to read, element by element. So
    /// memory need not be read before it is written. Where the new value is a state's, which nobody reads, the old one goes there
    /// too, if both are of one stage, and nothing in it may fail.
    ///
    /// @param over the new values of states with the old ones
    private Map<Value, Value> heirs(List<List<Draft>> stages, Map<Draft.Part, Value> over) {
        Map<Value, Value> heirs = new HashMap<>();
        Set<Value> unread = new HashSet<>();
        over.forEach((part, old) -> {
            if (!readers.containsKey(old)) {
                unread.add(part.value());
            }
        });
        for (List<Draft> stage : stages) {
            boolean isSafe = stage.stream().noneMatch(draft -> draft.work().mayFail());
            for (Draft draft : stage) {
                for (Value value : draft.writes()) {
                    Value old = leftTo(value, draft, stage, heirs);
                    if (old != null && !value.hasPlace()) {
                        heirs.put(value, old);
                    } else if (old != null && isSafe && unread.contains(value) && old.written == value.written) {
                        old.lieAt(value.place());
                    }
                }
            }
        }
        return heirs;
    }

    private @Nullable Value leftTo(Value value, Draft writer, List<Draft> stage, Map<Value, Value> heirs) {
        for (Draft.Part part : writer.reads()) {
            if (isLeftTo(value, writer, part.value(), stage) && !heirs.containsValue(part.value())) {
                return part.value();
            }
        }
        return null;
    }

    private boolean isLeftTo(Value value, Draft writer, Value old, List<Draft> stage) {
        return writer.work() instanceof Computation.Loop loop
                && loop.type().isFloating()
                && !old.hasPlace()
                && old.lastRead == value.written
                && old.type.type() == value.type.type()
                && alike(writer, loop, old)
                && isLast(value, writer, old, stage);
    }

    /// Whether nothing else reads a value in a stage, which runs slice by slice; or nothing after the writer, if the value is of
    /// the same stage.
    private boolean isLast(Value value, Draft writer, Value old, List<Draft> stage) {
        List<Draft> uses = stage.stream()
                .filter(readers.getOrDefault(old, List.of())::contains)
                .toList();
        return old.written == value.written
                ? uses.getLast().equals(writer)
                        && uses.stream().noneMatch(draft -> draft.work().isClosing())
                : uses.size() == 1;
    }

    /// Notes when each value is written and last read. In a stage all happens at once.
    private void live(List<List<Draft>> stages) {
        for (int i = 0; i < stages.size(); i++) {
            int entry = i;
            for (Draft draft : stages.get(i)) {
                draft.reads().forEach(read -> read.value().lastRead = entry);
                draft.writes().forEach(value -> {
                    value.written = entry;
                    value.lastRead = Math.max(value.lastRead, entry);
                });
            }
        }
        Stream.concat(results.stream(), committed.stream()).forEach(part -> part.value().lastRead = stages.size());
    }

    private static StateKey key(Node assign) {
        return ((Assign) assign.op()).key();
    }

    private static Slot slot(Source source) {
        return switch (source) {
            case Source.Input(String name, TensorType type) -> new Slot.Given(name, type.type());
            case Source.State(StateKey key) -> new Slot.Held(key);
            case Source.Constant(var array) -> new Slot.Frozen(array);
            case Source.Iota _, Source.Random _ -> throw new IllegalStateException(source.name() + " is computed.");
        };
    }
}
