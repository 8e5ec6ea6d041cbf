package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.kernel.Pool;
import org.gradus.plan.Computation;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// A stage: some slices after the other go through all of its passes, before the next ones do. How many at a time follows
/// from their size alone, so that folds over slices, which sum each such part first, have the same bits everywhere.
final class Slices implements Job, Pool.Task {
    /// About what stays near, half of it written only. Less would do for a cache, but memory gives longer runs faster.
    private static final int NEAR = 1 << 21;

    /// Fewer elements at a time are not worth the calls.
    private static final int FEWEST = 1 << 10;

    /// So many threads find something to do.
    private static final int LEAST_PARTS = 8;

    /// In parts of fewer slices, the sums of the parts are too much of what a fold over slices reads.
    private static final int FEWEST_FOLDED = 16;

    private final Threads threads;
    private final Piece[] pieces;
    private final int count;
    private final int parts;
    private final Job[] ends;

    /// What a pass does for a part, the slices from one to another.
    @FunctionalInterface
    private interface Piece {
        void run(int part, int from, int to);
    }

    private Slices(Threads threads, List<Piece> pieces, int count, int parts, List<Job> ends) {
        this.threads = threads;
        this.pieces = pieces.toArray(Piece[]::new);
        this.count = count;
        this.parts = parts;
        this.ends = ends.toArray(Job[]::new);
    }

    static Draft draft(Computation.Stage stage, Memory memory) {
        return Draft.of(job(stage, memory));
    }

    private static Job job(Computation.Stage stage, Memory memory) {
        List<Plan.Entry> passes = stage.passes();
        List<Job> jobs =
                passes.stream().map(pass -> bound(Drafts.of(pass, memory))).toList();
        int after = 1;
        for (int i = 0; i < passes.size(); i++) {
            if (!passes.get(i).work().isClosing()) {
                if (jobs.get(i).ranges().size() != 1) {
                    return Job.sequence(jobs);
                }
                after = Math.max(after, after(stage, passes.get(i)));
            }
        }
        int chunk = chunk(stage, after);
        int parts = Math.ceilDiv(stage.slices(), chunk);
        List<Piece> pieces = new ArrayList<>();
        List<Job> ends = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            Plan.Entry pass = passes.get(i);
            if (!pass.work().isClosing()) {
                Ranges ranges = jobs.get(i).ranges().getFirst();
                int each = after(stage, pass);
                pieces.add((_, from, to) -> ranges.run(from * each, to * each));
                continue;
            }
            List<Ranges> folding = chunk < FEWEST_FOLDED ? List.of() : inParts(pass, parts, memory);
            if (folding.isEmpty()) {
                ends.add(jobs.get(i));
                continue;
            }
            Ranges first = folding.getFirst();
            int each = first.length() / parts;
            pieces.add((part, _, _) -> first.run(part * each, (part + 1) * each));
            ends.addAll(folding.subList(1, folding.size()));
        }
        return new Slices(memory.threads(), pieces, stage.slices(), parts, ends);
    }

    /// The kernels of a fold of the slices: one for all parts of them, then others that put the parts together. None if
    /// it takes more.
    private static List<Ranges> inParts(Plan.Entry pass, int parts, Memory memory) {
        Computation.Fold fold = (Computation.Fold) pass.work();
        List<Ranges> ranges = bound(Folds.draft(pass, fold, memory, parts)).ranges();
        return ranges.size() == 1 + fold.body().results().size() ? ranges : List.of();
    }

    /// Passes take turns, so each has workspace of its own.
    private static Job bound(Draft draft) {
        return Draft.bound(List.of(draft))[0];
    }

    /// How many elements of a pass's range a slice is: a fold's range counts slices.
    private static int after(Computation.Stage stage, Plan.Entry pass) {
        return pass.work() instanceof Computation.Loop loop ? loop.shape().count() / stage.slices() : 1;
    }

    /// How many slices at a time.
    private static int chunk(Computation.Stage stage, int after) {
        long elements = stage.passes().stream()
                .flatMap(pass -> Stream.concat(pass.reads().stream(), pass.writes().stream()))
                .distinct()
                .mapToLong(Place::extent)
                .sum();
        int bytes = ((Computation.Fold) stage.passes().get(0).work()).type().bytes();
        long slice = Math.max(1, elements * bytes / stage.slices());
        long most = Math.max(NEAR / slice, FEWEST / after);
        return (int) Math.max(1, Math.min(most, stage.slices() / LEAST_PARTS));
    }

    @Override
    public void run() {
        threads.run(parts, this);
        for (Job end : ends) {
            end.run();
        }
    }

    @Override
    public void run(int part) {
        int from = (int) ((long) count * part / parts);
        int to = (int) ((long) count * (part + 1) / parts);
        for (Piece piece : pieces) {
            piece.run(part, from, to);
        }
    }
}
