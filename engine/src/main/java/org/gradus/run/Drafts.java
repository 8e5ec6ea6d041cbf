package org.gradus.run;

import java.util.List;
import org.gradus.base.TensorType;
import org.gradus.graph.Assign;
import org.gradus.graph.Contract;
import org.gradus.graph.Index;
import org.gradus.graph.Library;
import org.gradus.graph.MapOp;
import org.gradus.graph.Named;
import org.gradus.graph.Op;
import org.gradus.graph.Reduce;
import org.gradus.graph.Scan;
import org.gradus.graph.Source;
import org.gradus.graph.View;
import org.gradus.graph.Window;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;

/// The choice of a kernel for each entry of a plan, family by family. The families that the planner takes apart or never
/// leaves alone, and the library's, have none: the interpreter runs them.
final class Drafts {
    private Drafts() {}

    static Draft of(Plan.Entry entry, Memory memory) {
        return switch (entry.work()) {
            case Computation.Loop loop -> Loops.draft(entry, loop, memory);
            case Computation.Fold fold -> Folds.draft(entry, fold, memory);
            case Computation.Stage stage -> Slices.draft(stage, memory);
            case Computation.Contraction contraction -> Contractions.draft(entry, contraction, memory);
            case Computation.Whole(Op op, var reads, var writes) -> whole(entry, op, reads, writes.get(0), memory);
        };
    }

    private static Draft whole(Plan.Entry entry, Op op, List<TensorType> reads, TensorType y, Memory memory) {
        return switch (op) {
            case Source.Iota(TensorType type, int axis) -> Sources.iota(entry, type, axis, memory);
            case Source.Random random -> Sources.random(entry, random, memory);
            case Reduce reduce -> Folds.position(entry, reduce, reads.get(0), memory);
            case View.Pad pad -> Arrangements.padded(entry, pad, reads.get(0), y, memory);
            case View.Concat(int axis) -> Arrangements.joined(entry, axis, reads, y, memory);
            case Window window -> Windows.draft(entry, window, reads.get(0), y, memory);
            case Index index -> Lookups.draft(entry, index, reads.get(0), reads.get(1), memory);
            case Scan scan -> Scans.draft(entry, scan, y, memory);
            case Library _, Source _, Contract _, View _, MapOp _, Assign _, Named _ ->
                Draft.of(new Fallback(entry, memory));
        };
    }
}
