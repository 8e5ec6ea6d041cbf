package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Reductions;

/// Weights of one output that are scaled down when their norm has become too large; the last rule of a chain. The
/// outputs are the first axis of a weight. N. Srivastava et al., *Dropout*, 2014, section 5.1.
///
/// @param limit the largest Euclidean norm that stays, positive
public record MaxNorm(double limit) implements Rule {
    /// @throws org.gradus.base.GradusException when the limit is not positive
    public MaxNorm {
        Numbers.demand(limit > 0, "The limit of a norm is above 0", limit);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor w = update.parameters().get(i);
            Tensor d = directions.get(i);
            boolean limited =
                    update.keys().get(i).role() == Role.WEIGHT && w.shape().rank() > 1;
            results.add(limited ? w.minus(limited(w.minus(d))) : d);
        }
        return results;
    }

    private Tensor limited(Tensor w) {
        int[] inputs = IntStream.range(1, w.shape().rank()).toArray();
        Tensor norm = Reductions.keep(Reductions.norm(w, 2, inputs), w, inputs);
        return w.times(Elementwise.div(limit, Elementwise.maximum(norm, limit)));
    }
}
