package org.gradus.run;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Window;
import org.gradus.kernel.Axis;
import org.gradus.kernel.Lanes;
import org.gradus.kernel.Pooling;
import org.gradus.kernel.Work;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// Pooling on kernels. A plan's images lie as these take them, with their channels last.
final class Windows {
    private Windows() {}

    static Draft draft(Plan.Entry entry, Window op, TensorType x, TensorType y, Memory memory) {
        Place to = entry.writes().get(0);
        if (y.shape().count() == 0) {
            return Draft.of(Job.NOTHING);
        }
        if (x.shape().count() == 0) {
            return Draft.of(() -> Moves.fill(memory.array(to), to.offset(), to.extent(), 0));
        }
        Place from = entry.reads().get(0);
        Object read = memory.array(from);
        Object written = memory.array(to);
        boolean back = op instanceof Window.SumPoolInput || op instanceof Window.MaxPoolInput;
        Shape wide = back ? y.shape() : x.shape(); // what windows look at
        Axis[] axes = Contractions.axes(op.geometry(), wide);
        Pooling pooling = new Pooling(wide.size(0), wide.size(1), axes[0], axes[1], axes[2]);
        Type type = y.type();
        int lanes = wide.size(1) == 1 ? 1 : Lanes.of(type);
        Work work = switch (op) {
            case Window.MaxPool _
            when entry.writes().size() == 1 ->
                pooling.max(type, lanes, new Object[] {read, written}, from.offset(), to.offset());
            case Window.MaxPool _ -> {
                Place places = entry.writes().get(1);
                yield pooling.max(
                        type,
                        lanes,
                        new Object[] {read, written, memory.array(places)},
                        from.offset(),
                        to.offset(),
                        places.offset());
            }
            case Window.MaxPoolInput _ -> {
                Place places = entry.reads().get(1);
                yield pooling.scatter(
                        type,
                        lanes,
                        new Object[] {written, read, memory.array(places)},
                        to.offset(),
                        from.offset(),
                        places.offset());
            }
            case Window.SumPool _ -> pooling.sum(type, lanes, new Object[] {read, written}, from.offset(), to.offset());
            case Window.SumPoolInput _ ->
                pooling.spread(type, lanes, new Object[] {written, read}, to.offset(), from.offset());
        };
        return Draft.of(memory.threads().job(work));
    }
}
