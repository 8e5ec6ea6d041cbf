package org.gradus.optim;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;

/// All directions scaled down together when they are long, so that their angles stay: `d ← d·min(1, limit / (‖d‖ +
/// 10⁻⁶))`, where ‖d‖ is the norm of all of them as one vector. PyTorch's `clip_grad_norm_`; R. Pascanu et al., *On the
/// difficulty of training recurrent neural networks*, 2013.
///
/// @param limit the largest norm that stays, positive
/// @param order of the norm, such as 2, 1 or infinity
public record ClipByGlobalNorm(double limit, double order) implements Rule {
    /// @throws GradusException when the limit or the order is not positive
    public ClipByGlobalNorm {
        if (!(limit > 0 && order > 0)) {
            throw new GradusException(
                    "rule-number",
                    "Gradients are clipped at a positive limit of a norm of positive order, not at " + limit
                            + " of order " + order + ".");
        }
    }

    /// With the Euclidean norm.
    public ClipByGlobalNorm(double limit) {
        this(limit, 2);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        if (directions.isEmpty()) {
            return directions;
        }
        List<Tensor> norms =
                directions.stream().map(d -> Reductions.norm(d, order)).toList();
        Tensor norm = Reductions.norm(Views.stack(0, norms), order);
        Tensor factor = factor(norm, limit);
        return directions.stream().map(d -> d.times(factor)).toList();
    }

    /// What a direction of that norm is multiplied by.
    static Tensor factor(Tensor norm, double limit) {
        return Elementwise.minimum(Elementwise.div(limit, norm.plus(1e-6)), 1);
    }
}
