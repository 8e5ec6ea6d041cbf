package org.gradus.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.gradus.base.Shape;
import org.gradus.graph.Library;
import org.jspecify.annotations.Nullable;

/// Passes that can run slice by slice, so that what one writes or reads is still in a near cache when the next one reads
/// it: softmax and layer normalisation over rows.
///
/// A stage begins with a fold. What it keeps, the first axes, is cut into slices: in memory a pass over `[kept, after]` or
/// over `[kept]` alone. Where a slice would lie in many places, as a channel does in batch normalisation, memory gives whole
/// passes faster. Further passes join when they read what the stage has written at the
/// same place of the kept axes only. A fold of the kept axes of what the stage reads joins too, though its results are
/// there only when all slices are: the gradients of layer norm's parameters. Passes that do not join run before the stage,
/// or after it if they read from it.
final class Stages {
    /// Passes over fewer elements stay in a cache anyway.
    private static final int WORTH = 1 << 15;

    /// The columns of rows that are shorter are not worth a fold in parts.
    private static final int SHORTEST_ROW = 16;

    private final int kept;
    private final int after;
    private final List<Draft> members = new ArrayList<>();
    private final Map<Value, Boolean> written = new HashMap<>(); // whether over both, or over what is kept

    private Stages(int kept, int after) {
        this.kept = kept;
        this.after = after;
    }

    /// The drafts in stages, most of them alone, in an order in which all still follow what they read.
    ///
    /// @param over the last ones, which write over states and stay behind all that may fail or read those
    static List<List<Draft>> of(List<Draft> drafts, Set<Draft> over) {
        List<List<Draft>> stages = new ArrayList<>();
        ArrayDeque<Draft> open = new ArrayDeque<>(drafts);
        while (!open.isEmpty()) {
            Draft first = open.pop();
            Stages stage = first.work() instanceof Computation.Fold fold ? begun(fold) : null;
            if (stage == null || !stage.takes(first)) {
                stages.add(List.of(first));
                continue;
            }
            List<Draft> earlier = new ArrayList<>();
            Set<Draft> later = new LinkedHashSet<>();
            Set<Value> notYet = new HashSet<>();
            while (!open.isEmpty() && !ends(open.element())) {
                Draft next = open.pop();
                boolean waits = next.reads().stream().anyMatch(read -> notYet.contains(read.value()))
                        || (over.contains(next)
                                && (later.stream()
                                                .anyMatch(draft -> draft.work().mayFail() || isRead(next, draft))
                                        || stage.members.stream().anyMatch(draft -> isRead(next, draft))));
                if (!waits && stage.takes(next)) {
                    continue;
                }
                if (!waits && stage.closes(next)) {
                    notYet.addAll(next.writes());
                    continue;
                }
                if (waits
                        || over.contains(next)
                        || next.reads().stream().anyMatch(read -> stage.written.containsKey(read.value()))) {
                    later.add(next);
                    notYet.addAll(next.writes());
                } else {
                    earlier.add(next);
                }
            }
            earlier.forEach(draft -> stages.add(List.of(draft)));
            if (stage.pays()) {
                stages.add(List.copyOf(stage.members));
            } else {
                stage.members.forEach(draft -> stages.add(List.of(draft)));
            }
            List.copyOf(later).reversed().forEach(open::push);
        }
        return stages;
    }

    /// Whether a draft reads a state that another one writes over.
    private static boolean isRead(Draft over, Draft by) {
        return over.writes().stream()
                .filter(Value::hasPlace)
                .anyMatch(value -> by.reads().stream()
                        .anyMatch(read ->
                                read.value().hasPlace() && read.value().place().overlaps(value.place())));
    }

    /// The stage that a fold begins, if what it keeps is the first axes.
    private static @Nullable Stages begun(Computation.Fold fold) {
        Shape shape = fold.shape();
        int to = first(shape, fold.axes());
        return isSliced(shape, fold.axes())
                ? new Stages(
                        shape.part(0, to).count(), shape.part(to, shape.rank()).count())
                : null;
    }

    /// Whether a fold over these axes, if they lie in order, begins a stage: it keeps the first ones.
    static boolean isSliced(Shape shape, List<Integer> axes) {
        int to = first(shape, axes);
        return to < shape.rank()
                && shape.count() >= WORTH
                && shape.part(0, to).count() > 1
                && folds(shape, axes, axis -> axis >= to);
    }

    /// The first axis that goes.
    private static int first(Shape shape, List<Integer> axes) {
        return IntStream.range(0, shape.rank())
                .filter(axis -> shape.size(axis) > 1 && axes.contains(axis))
                .findFirst()
                .orElse(shape.rank());
    }

    /// What is too much work, or too different, to wait for.
    private static boolean ends(Draft draft) {
        return draft.work() instanceof Computation.Contraction
                || (draft.work() instanceof Computation.Whole whole && whole.op() instanceof Library);
    }

    /// Adds a draft if it is a pass that reads slice by slice what is written here.
    private boolean takes(Draft draft) {
        boolean fits = switch (draft.work()) {
            case Computation.Loop loop -> reads(draft, loop.shape(), loop.reads());
            case Computation.Fold fold -> keeps(fold) && reads(draft, fold.shape(), fold.reads());
            case Computation.Contraction _, Computation.Whole _, Computation.Stage _ -> false;
        };
        if (fits) {
            boolean isFull = draft.work() instanceof Computation.Loop loop && isFull(loop.shape());
            draft.writes().forEach(value -> written.put(value, isFull));
            members.add(draft);
        }
        return fits;
    }

    /// Adds a draft if it folds what is kept, of something that the stage goes over anyway.
    private boolean closes(Draft draft) {
        boolean fits = after >= SHORTEST_ROW
                && draft.work() instanceof Computation.Fold fold
                && isFull(fold.shape())
                && folds(fold.shape(), fold.axes(), axis -> axis < axis(fold.shape(), kept))
                && reads(draft, fold.shape(), fold.reads())
                && draft.reads().stream().anyMatch(this::isGoneOver);
        if (fits) {
            members.add(draft);
        }
        return fits;
    }

    private boolean isGoneOver(Draft.Part part) {
        return part.extent() == kept * after
                && members.stream()
                        .anyMatch(member ->
                                member.reads().contains(part) || member.writes().contains(part.value()));
    }

    private boolean isFull(Shape shape) {
        return shape.count() == kept * after && shape.count() > kept;
    }

    /// The first axis of those that are kept, or -1 if they are not neighbours of that size.
    private int axis(Shape shape, int outside) {
        for (int from = 0; from <= shape.rank(); from++) {
            if (shape.part(0, from).count() == outside && (from == shape.rank() || shape.size(from) > 1)) {
                return from;
            }
        }
        return -1;
    }

    private boolean keeps(Computation.Fold fold) {
        int to = axis(fold.shape(), kept);
        return isFull(fold.shape()) && to >= 0 && folds(fold.shape(), fold.axes(), axis -> axis >= to);
    }

    /// Whether these axes go, and no others.
    private static boolean folds(Shape shape, List<Integer> axes, IntPredicate gone) {
        return IntStream.range(0, shape.rank())
                .filter(axis -> shape.size(axis) > 1)
                .allMatch(axis -> axes.contains(axis) == gone.test(axis));
    }

    private boolean reads(Draft draft, Shape shape, List<Computation.Reading> readings) {
        boolean isFull = isFull(shape) && axis(shape, kept) >= 0;
        if (!isFull && shape.count() != kept) {
            return false;
        }
        return IntStream.range(0, readings.size()).allMatch(i -> {
            Draft.Part part = draft.reads().get(i);
            Boolean wide = written.get(part.value());
            return wide == null
                    || (part.start() == 0
                            && readings.get(i).start() == 0
                            && (isFull || !wide)
                            && isLocal(shape, readings.get(i).strides(), isFull, wide));
        });
    }

    /// Whether a reading comes by a value's elements one by one, or those of the kept axes again and again.
    private boolean isLocal(Shape shape, List<Integer> strides, boolean isFull, boolean wide) {
        int to = isFull ? axis(shape, kept) : shape.rank();
        int[] dense = wide ? shape.strides() : shape.part(0, to).strides();
        return IntStream.range(0, shape.rank())
                .filter(axis -> shape.size(axis) > 1)
                .allMatch(axis -> strides.get(axis) == (wide || axis < to ? dense[axis] : 0));
    }

    /// Whether at least two passes go over everything.
    private boolean pays() {
        return members.stream()
                        .filter(draft -> draft.work() instanceof Computation.Fold
                                || (draft.work() instanceof Computation.Loop loop && isFull(loop.shape())))
                        .count()
                > 1;
    }

    /// The stage as one entry.
    static Plan.Entry entry(List<Draft> members) {
        List<Plan.Entry> entries = members.stream().map(Draft::entry).toList();
        Computation.Fold fold = (Computation.Fold) members.get(0).work();
        Stages begun = begun(fold);
        if (begun == null) {
            throw new IllegalStateException("A stage begins with a fold.");
        }
        return new Plan.Entry(
                new Computation.Stage(begun.kept, entries),
                entries.stream()
                        .flatMap(entry -> entry.reads().stream())
                        .distinct()
                        .toList(),
                entries.stream().flatMap(entry -> entry.writes().stream()).toList(),
                "stage");
    }
}
