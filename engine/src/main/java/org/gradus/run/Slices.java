package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Shape;
import org.gradus.kernel.Pool;
import org.gradus.plan.Computation;
import org.gradus.plan.Place;

/// A stage: some slices after the other go through all of its passes, before the next ones do. How many at a time follows
/// from how much of them a near cache holds; results do not depend on it.
final class Slices implements Job, Pool.Task {
    /// Half of a near cache.
    private static final int NEAR = 1 << 19;

    /// A processor's share of a far cache.
    private static final int FAR = 1 << 23;

    /// What is read in shorter runs, each far from the last one, comes slowly from wherever it is.
    private static final int RUN = 1 << 15;

    /// Fewer elements at a time are not worth the calls.
    private static final int FEWEST = 1 << 10;

    /// So many threads find something to do.
    private static final int LEAST_PARTS = 8;

    private final Threads threads;
    private final Piece[] pieces;
    private final int count;
    private final int chunk;

    /// A range of a pass over `[before, slices, after]`.
    private record Piece(Ranges ranges, int before, int after) {}

    private Slices(Threads threads, List<Piece> pieces, int count, int chunk) {
        this.threads = threads;
        this.pieces = pieces.toArray(Piece[]::new);
        this.count = count;
        this.chunk = chunk;
    }

    static Draft draft(Computation.Stage stage, Memory memory) {
        List<Draft> drafts =
                stage.passes().stream().map(pass -> Drafts.of(pass, memory)).toList();
        return Draft.of(job(stage, drafts, memory));
    }

    private static Job job(Computation.Stage stage, List<Draft> drafts, Memory memory) {
        List<Job> jobs = new ArrayList<>();
        List<Piece> pieces = new ArrayList<>();
        boolean slices = true;
        int after = 1;
        for (int i = 0; i < drafts.size(); i++) {
            // Passes take turns, so each has workspace of its own.
            Job job = Draft.bound(List.of(drafts.get(i)))[0];
            jobs.add(job);
            Computation work = stage.passes().get(i).work();
            int runs = work instanceof Computation.Loop loop ? after(loop.shape(), stage) : 1;
            after = Math.max(after, runs);
            slices &= job.ranges().size() == (work instanceof Computation.Fold fold ? folds(fold) : 1);
            for (Ranges ranges : job.ranges()) {
                pieces.add(new Piece(ranges, ranges.length() / stage.slices() / runs, runs));
            }
        }
        boolean scattered = pieces.stream().anyMatch(piece -> piece.before > 1);
        return slices
                ? new Slices(memory.threads(), pieces, stage.slices(), chunk(stage, after, scattered))
                : Job.sequence(jobs);
    }

    /// How many kernels over ranges a fold is when the axes before and behind the kept ones are one each, and no fold is
    /// cut into parts.
    private static int folds(Computation.Fold fold) {
        List<Boolean> goes = IntStream.range(0, fold.shape().rank())
                .filter(axis -> fold.shape().size(axis) > 1)
                .mapToObj(fold.axes()::contains)
                .toList();
        return goes.getFirst() && goes.getLast() ? 1 + fold.body().results().size() : 1;
    }

    /// The elements behind the kept axes, which a loop goes over for each slice.
    private static int after(Shape shape, Computation.Stage stage) {
        Computation.Fold fold = (Computation.Fold) stage.passes().get(0).work();
        int last = IntStream.range(0, fold.shape().rank())
                .filter(axis -> fold.shape().size(axis) > 1 && !fold.axes().contains(axis))
                .max()
                .orElseThrow();
        return shape.count() == stage.slices()
                ? 1
                : fold.shape().part(last + 1, fold.shape().rank()).count();
    }

    /// How many slices at a time.
    ///
    /// @param scattered whether a slice lies in many places
    private static int chunk(Computation.Stage stage, int after, boolean scattered) {
        long elements = stage.passes().stream()
                .flatMap(pass -> Stream.concat(pass.reads().stream(), pass.writes().stream()))
                .distinct()
                .mapToLong(Place::extent)
                .sum();
        int bytes = ((Computation.Fold) stage.passes().get(0).work()).type().bytes();
        long slice = Math.max(1, elements * bytes / stage.slices());
        long run = scattered ? Math.min(FAR / slice, Math.ceilDiv(RUN, after * bytes)) : 0;
        long most = Math.max(Math.max(NEAR / slice, FEWEST / after), run);
        return (int) Math.max(1, Math.min(most, stage.slices() / LEAST_PARTS));
    }

    @Override
    public void run() {
        threads.run(Math.ceilDiv(count, chunk), this);
    }

    @Override
    public void run(int part) {
        int from = part * chunk;
        int to = Math.min(count, from + chunk);
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.before; i++) {
                piece.ranges.run((i * count + from) * piece.after, (i * count + to) * piece.after);
            }
        }
    }
}
