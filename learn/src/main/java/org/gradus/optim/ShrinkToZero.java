package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;

/// Parameters that every step moves towards 0 by η·λ, and to 0 itself when they are closer: the penalty λ·Σ|θᵢ| with its
/// zeros. It stands last in a chain. N. Parikh, S. Boyd, *Proximal Algorithms*, 2014, section 6.5.
///
/// @param rate λ, at least 0
/// @param roles which parameters shrink
public record ShrinkToZero(double rate, List<Role> roles) implements Rule {
    /// @throws org.gradus.base.GradusException when λ is negative
    public ShrinkToZero {
        Numbers.notNegative("A penalty", rate);
        roles = List.copyOf(roles);
    }

    /// Of weights and embeddings.
    public static ShrinkToZero of(double rate) {
        return new ShrinkToZero(rate, Roles.WEIGHTS);
    }

    /// This, of every parameter.
    public ShrinkToZero everywhere() {
        return new ShrinkToZero(rate, Roles.ALL);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor w = update.parameters().get(i);
            Tensor moved = w.minus(directions.get(i));
            Tensor by = update.learningRates()
                    .get(i)
                    .times(rate * update.decayFactors().get(i));
            Tensor shrunk = Elementwise.sign(moved)
                    .times(Elementwise.maximum(Elementwise.abs(moved).minus(by), 0));
            boolean shrinks = roles.contains(update.keys().get(i).role());
            results.add(shrinks ? w.minus(shrunk) : directions.get(i));
        }
        return results;
    }
}
