package org.gradus.run;

import java.util.List;
import java.util.stream.Stream;
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
        boolean back = op instanceof Window.SumPoolInput || op instanceof Window.MaxPoolInput;
        Shape wide = back ? y.shape() : x.shape(); // what windows look at
        Axis[] axes = Contractions.axes(op.geometry(), wide);
        Pooling pooling = new Pooling(wide.size(0), wide.size(1), axes[0], axes[1], axes[2]);
        Type type = y.type();
        int lanes = wide.size(1) == 1 ? 1 : Lanes.of(type);
        List<Place> places = Stream.of(back ? entry.writes() : entry.reads(), back ? entry.reads() : entry.writes())
                .flatMap(List::stream)
                .toList();
        Object[] arrays = places.stream().map(memory::array).toArray();
        int[] offsets = places.stream().mapToInt(Place::offset).toArray();
        Work work = switch (op) {
            case Window.MaxPool _ -> pooling.max(type, lanes, arrays, offsets);
            case Window.MaxPoolInput _ -> pooling.scatter(type, lanes, arrays, offsets);
            case Window.SumPool _ -> pooling.sum(type, lanes, arrays, offsets);
            case Window.SumPoolInput _ -> pooling.spread(type, lanes, arrays, offsets);
        };
        return Draft.of(memory.threads().job(work));
    }
}
