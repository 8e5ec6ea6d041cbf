package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/// Pooling on kernels, which take images channels last: so there are copies around them, in the workspace. Where there
/// are few channels, each plane is an image of its own instead, with one channel, and nothing is copied.
final class Windows {
    /// Fewer channels than these are not worth a copy.
    private static final int FEW = 4;

    private final Window op;
    private final Type type;
    private final Shape wide; // what windows look at
    private final Layout from;
    private final Layout to;
    private final Plan.Entry entry;
    private final Memory memory;

    private Windows(Plan.Entry entry, Window op, TensorType x, TensorType y, Memory memory) {
        this.op = op;
        this.entry = entry;
        this.memory = memory;
        type = y.type();
        wide = op instanceof Window.SumPoolInput ? y.shape() : x.shape();
        from = layout(x.shape());
        to = layout(y.shape());
    }

    static Draft draft(Plan.Entry entry, Window op, TensorType x, TensorType y, Memory memory) {
        Place to = entry.writes().get(0);
        if (y.shape().count() == 0) {
            return Draft.of(Job.NOTHING);
        }
        if (x.shape().count() == 0) {
            return Draft.of(() -> Moves.fill(memory.array(to), to.offset(), to.extent(), 0));
        }
        Windows windows = new Windows(entry, op, x, y, memory);
        int positions = op instanceof Window.MaxPool ? windows.to.copy() : 0;
        return new Draft(
                Map.of(windows.type, windows.from.copy() + windows.to.copy(), Type.INT64, positions), windows::job);
    }

    private static Layout layout(Shape shape) {
        return shape.size(1) < FEW
                ? new Layout(
                        shape.size(0) * shape.size(1),
                        1,
                        shape.part(2, shape.rank()).count(),
                        false)
                : Layout.image(shape);
    }

    private Job job(Map<Type, Object> workspace) {
        Threads threads = memory.threads();
        Object work = Memory.in(workspace, type);
        Object positionWork = Memory.in(workspace, Type.INT64);
        List<Job> jobs = new ArrayList<>();
        Place read = entry.reads().get(0);
        Object x = memory.array(read);
        int xAt = read.offset();
        if (from.differs()) {
            jobs.add(from.toLast(type, x, xAt, work, 0, threads));
            x = work;
            xAt = 0;
        }
        Place written = entry.writes().get(0);
        Object y = to.differs() ? work : memory.array(written);
        int yAt = to.differs() ? from.copy() : written.offset();
        Place places = entry.writes().getLast();
        Object p = to.differs() ? positionWork : memory.array(places);
        int pAt = to.differs() ? 0 : places.offset();
        jobs.add(threads.job(work(x, xAt, y, yAt, p, pAt)));
        if (to.differs()) {
            jobs.add(to.toFirst(type, y, yAt, memory.array(written), written.offset(), threads));
            if (op instanceof Window.MaxPool) {
                jobs.add(to.toFirst(Type.INT64, p, pAt, memory.array(places), places.offset(), threads));
            }
        }
        return Job.sequence(jobs);
    }

    private Work work(Object x, int xAt, Object y, int yAt, Object p, int pAt) {
        Axis[] axes = Contractions.axes(op.geometry(), wide);
        Pooling pooling = new Pooling(from.a(), from.b(), axes[0], axes[1], axes[2], Type.INT64);
        int lanes = from.b() == 1 ? 1 : Lanes.of(type);
        return switch (op) {
            case Window.MaxPool _ -> pooling.max(type, lanes, new Object[] {x, y, p}, xAt, yAt, pAt);
            case Window.SumPool _ -> pooling.sum(type, lanes, new Object[] {x, y}, xAt, yAt);
            case Window.SumPoolInput _ -> pooling.spread(type, lanes, new Object[] {y, x}, yAt, xAt);
        };
    }
}
