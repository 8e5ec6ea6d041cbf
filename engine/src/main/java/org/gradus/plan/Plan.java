package org.gradus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.graph.Contract;
import org.gradus.graph.Graph;
import org.gradus.graph.StateKey;

/// How a graph runs: what each kernel computes, in order, and where every value lies. A plan holds no numbers but
/// frozen ones, and never says how: kernels are chosen by whoever runs it.
///
/// @param slots the arrays, by number
/// @param entries the kernels, in order
/// @param results where the graph's outputs lie when all entries have run
/// @param commits the states to write then, and from where; those whose new value lies in the state already need nothing
public record Plan(List<Slot> slots, List<Entry> entries, List<Result> results, List<Commit> commits) {
    /// One kernel: what it computes, from and to where.
    ///
    /// @param label the ops in it and the user's line, for reports
    public record Entry(Computation work, List<Place> reads, List<Place> writes, String label) {
        /// The layer that it belongs to, as the label has it; empty outside of layers.
        public String path() {
            int from = label.indexOf(" (") + 2;
            int to = label.indexOf(") ", from);
            return from < 2 || to < 0 ? "" : label.substring(from, to);
        }

        /// Its floating-point operations.
        public long flops() {
            return Plan.flops(work);
        }
    }

    /// One output of the graph.
    public record Result(TensorType type, Place place) {}

    /// A state to write.
    public record Commit(StateKey key, Place place) {}

    /// The plan of a graph.
    public static Plan of(Graph graph) {
        Plan plan = new Planner(Lowering.of(graph)).plan();
        plan.check();
        return plan;
    }

    /// How many entries, the first ones, give the same as long as no state changes: they read states, frozen numbers and each
    /// other, and the plan writes no state. What they write stays where it is from run to run.
    public int standing() {
        List<Place> known = new ArrayList<>();
        int count = 0;
        while (commits.isEmpty()
                && count < entries.size()
                && entries.get(count).reads().stream().allMatch(read -> isLasting(read) || isWithin(known, read))) {
            known.addAll(entries.get(count).writes());
            count++;
        }
        return count;
    }

    /// Whether what lies in a place stays the same as long as no state changes.
    public boolean isStanding(Place place) {
        return commits.isEmpty() && (isLasting(place) || isWithin(writes(entries.subList(0, standing())), place));
    }

    private static List<Place> writes(List<Entry> entries) {
        return entries.stream().flatMap(entry -> entry.writes().stream()).toList();
    }

    /// Whether no entry writes there before states are committed, and no input lies there.
    private boolean isLasting(Place place) {
        return switch (slots.get(place.slot())) {
            case Slot.Held _, Slot.Frozen _ -> true;
            case Slot.Given _, Slot.Arena _ -> false;
        };
    }

    private static boolean isWithin(List<Place> places, Place part) {
        return places.stream()
                .anyMatch(place -> place.slot() == part.slot()
                        && place.offset() <= part.offset()
                        && place.offset() + place.extent() >= part.offset() + part.extent());
    }

    /// The bytes of working memory.
    public long arenaBytes() {
        return slots.stream()
                .mapToLong(slot -> slot instanceof Slot.Arena(var type, int extent) ? (long) type.bytes() * extent : 0)
                .sum();
    }

    /// Throws unless every read follows a write of all of it, and no entry writes what it reads elsewhere or another
    /// value still needed: the check that runs on every plan. A state is written by an entry only where it is committed,
    /// and read by none after that; and entries that write no state, any of which may fail, have all run before.
    public void check() {
        List<Place> written = new ArrayList<>();
        List<Place> over = new ArrayList<>();
        for (Entry entry : entries) {
            List<Entry> passes = passes(entry);
            for (int i = 0; i < passes.size(); i++) {
                List<Entry> earlier = passes.subList(0, i);
                checkSlices(passes.get(i), earlier);
                List<Place> passing = new ArrayList<>(writes(earlier));
                passing.retainAll(writes(passes.subList(i, passes.size())));
                checkPass(passes.get(i), written, over, passing);
            }
        }
        List<Place> standing = writes(entries.subList(0, standing()));
        for (Entry entry : entries.subList(standing(), entries.size())) {
            if (entry.writes().stream().anyMatch(write -> standing.stream().anyMatch(write::overlaps))) {
                throw broken(entry.label() + " writes over what stays from run to run");
            }
        }
        results.forEach(result -> demand(written, result.place(), "a result of the graph"));
        commits.forEach(commit ->
                demand(written, commit.place(), "the commit of " + commit.key().path()));
    }

    /// @param over the states that have been written
    /// @param passing what earlier passes of its stage have written, and it or a later one will write again
    private void checkPass(Entry entry, List<Place> written, List<Place> over, List<Place> passing) {
        if (entry.work().mayFail() && !over.isEmpty()) {
            throw broken(entry.label() + " may fail when the state " + over.get(0) + " has been written already");
        }
        for (Place read : entry.reads()) {
            demand(written, read, entry.label());
            if (over.stream().anyMatch(read::overlaps) && !passing.contains(read)) {
                throw broken(entry.label() + " reads the state " + read + ", which has been written already");
            }
        }
        for (Place write : entry.writes()) {
            if (slots.get(write.slot()) instanceof Slot.Arena) {
                written.removeIf(place -> place.overlaps(write));
            } else if (isCommitted(write)) {
                over.add(write);
            } else {
                throw broken(entry.label() + " writes " + write + ", which is no working memory");
            }
        }
        for (int i = 0; i < entry.writes().size(); i++) {
            Place write = entry.writes().get(i);
            if (entry.writes().subList(0, i).stream().anyMatch(write::overlaps)) {
                throw broken(entry.label() + " writes " + write + " twice");
            }
            if (IntStream.range(0, entry.reads().size())
                    .anyMatch(read -> entry.reads().get(read).overlaps(write) && !isInPlace(entry, read, write))) {
                throw broken(entry.label() + " writes " + write + " over what it reads");
            }
            written.add(write);
        }
    }

    /// The entries, those of stages one by one.
    public List<Entry> passes() {
        return entries.stream().flatMap(entry -> passes(entry).stream()).toList();
    }

    private static List<Entry> passes(Entry entry) {
        return entry.work() instanceof Computation.Stage stage ? stage.passes() : List.of(entry);
    }

    /// In a stage a later pass runs before an earlier one's next slice, so it must write nothing that this one uses; but for
    /// what the stage itself has written there, slice by slice.
    private static void checkSlices(Entry pass, List<Entry> earlier) {
        List<Place> inside = writes(earlier);
        for (Place write : pass.writes()) {
            for (Entry other : earlier) {
                boolean isSliced = inside.contains(write) && !other.work().isClosing();
                if (!isSliced
                        && Stream.concat(other.reads().stream(), other.writes().stream())
                                .anyMatch(write::overlaps)) {
                    throw broken(pass.label() + " writes " + write + " in one stage with " + other.label()
                            + ", which uses it");
                }
            }
        }
    }

    /// Whether a loop reads each element where it writes the one that it makes of it.
    private static boolean isInPlace(Entry entry, int read, Place write) {
        return entry.work() instanceof Computation.Loop loop
                && entry.reads().get(read).equals(write)
                && loop.reads().get(read).isDense(loop.shape());
    }

    private boolean isCommitted(Place place) {
        return commits.stream()
                .anyMatch(commit -> commit.place().equals(place)
                        && slots.get(place.slot()) instanceof Slot.Held(StateKey key)
                        && key.equals(commit.key()));
    }

    private void demand(List<Place> written, Place read, String who) {
        boolean lasting = !(slots.get(read.slot()) instanceof Slot.Arena);
        if (!lasting && read.extent() > 0 && !isWithin(written, read)) {
            throw broken(who + " reads " + read + ", which nothing has written or something has written over");
        }
    }

    private static GradusException broken(String what) {
        return new GradusException(
                "plan-broken",
                "The plan is wrong, which is a defect of Gradus: " + what
                        + ". Please report it, with the step that it belongs to.");
    }

    /// A line for each kernel below their headings: number, ops, shapes, bytes moved, floating-point operations.
    @Override
    public String toString() {
        List<Row> rows = new ArrayList<>(List.of(new Row("#", "kernel", "output", "bytes", "flop")));
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.work() instanceof Computation.Stage stage) {
                rows.add(new Row(String.valueOf(i), stage + ":", "", "", ""));
                stage.passes().forEach(pass -> rows.add(row("", "  " + pass.label(), pass)));
            } else {
                rows.add(row(String.valueOf(i), entry.label(), entry));
            }
        }
        int labels = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
        int shapes = rows.stream().mapToInt(row -> row.shapes().length()).max().orElse(0);
        String format = "%3s  %-" + labels + "s  %-" + shapes + "s  %12s  %14s";
        return rows.stream()
                        .map(row ->
                                String.format(format, row.number(), row.label(), row.shapes(), row.bytes(), row.flops())
                                                .stripTrailing()
                                        + System.lineSeparator())
                        .collect(Collectors.joining())
                + String.format(
                        Locale.ROOT,
                        "%d kernels%s, %d values in, %d out, %d states written, %,d bytes of working memory%n",
                        entries.size(),
                        standing() > 0 ? " (the first " + standing() + " only when a state has changed)" : "",
                        slots.stream()
                                .filter(slot -> slot instanceof Slot.Given)
                                .count(),
                        results.size(),
                        commits.size(),
                        arenaBytes());
    }

    private record Row(String number, String label, String shapes, String bytes, String flops) {}

    private Row row(String number, String label, Entry entry) {
        return new Row(
                number,
                label,
                shapes(entry.work()),
                String.format(Locale.ROOT, "%,d", bytes(entry)),
                String.format(Locale.ROOT, "%,d", entry.flops()));
    }

    private static String shapes(Computation work) {
        return switch (work) {
            case Computation.Loop loop -> loop.type() + loop.shape().toString();
            case Computation.Fold fold -> fold.type() + fold.shape().toString() + " over " + fold.axes();
            case Computation.Stage stage -> stage.toString();
            case Computation.Contraction contraction -> contraction.write().toString();
            case Computation.Whole whole ->
                whole.writes().stream().map(TensorType::toString).collect(Collectors.joining(", "));
        };
    }

    /// The bytes that an entry reads and writes.
    public long bytes(Entry entry) {
        return IntStream.range(0, entry.reads().size() + entry.writes().size())
                .mapToObj(i -> i < entry.reads().size()
                        ? entry.reads().get(i)
                        : entry.writes().get(i - entry.reads().size()))
                .mapToLong(place -> (long) slots.get(place.slot()).type().bytes() * place.extent())
                .sum();
    }

    private static long flops(Computation work) {
        return switch (work) {
            case Computation.Loop loop ->
                (long) loop.shape().count() * loop.body().code().size();
            case Computation.Fold fold ->
                (long) fold.shape().count()
                        * (fold.body().code().size() + fold.body().results().size());
            case Computation.Stage stage ->
                stage.passes().stream().mapToLong(pass -> flops(pass.work())).sum();
            case Computation.Contraction(Contract op, var reads, var write, boolean bias, boolean relu) ->
                Flops.of(op, reads, write) + (long) write.shape().count() * ((bias ? 1 : 0) + (relu ? 1 : 0));
            case Computation.Whole whole ->
                whole.reads().stream().mapToLong(type -> type.shape().count()).sum();
        };
    }
}
