package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;

/// Weights that are drawn towards 0. Coupled, `d ← d + λ·w`, is the gradient of the penalty λ/2·‖w‖² and stands first in
/// a chain: PyTorch's `weight_decay` of SGD and Adam. Decoupled, `d ← d + η·λ·w`, stands after the optimizer: AdamW's, and
/// Keras' of every optimizer.
///
/// @param rate λ, at least 0
/// @param decoupled whether it is multiplied by the learning rate here
/// @param roles which parameters are decayed
public record DecayWeights(double rate, boolean decoupled, List<Role> roles) implements Rule {
    /// @throws org.gradus.base.GradusException when λ is negative
    public DecayWeights {
        Numbers.notNegative("A weight decay", rate);
        roles = List.copyOf(roles);
    }

    /// Coupled, of every parameter, as in PyTorch.
    public DecayWeights(double rate) {
        this(rate, false, Roles.ALL);
    }

    /// Coupled, of weights and embeddings; biases and norms are left alone.
    public static DecayWeights coupled(double rate) {
        return new DecayWeights(rate, false, Roles.WEIGHTS);
    }

    /// Decoupled, of weights and embeddings; biases and norms are left alone.
    public static DecayWeights decoupled(double rate) {
        return new DecayWeights(rate, true, Roles.WEIGHTS);
    }

    /// This, of every parameter.
    public DecayWeights everywhere() {
        return new DecayWeights(rate, decoupled, Roles.ALL);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> decayed = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            double factor = roles.contains(update.keys().get(i).role())
                    ? rate * update.decayFactors().get(i)
                    : 0;
            Tensor pull = update.parameters().get(i).times(factor);
            Tensor scaled = decoupled ? pull.times(update.learningRates().get(i)) : pull;
            decayed.add(factor == 0 ? directions.get(i) : directions.get(i).plus(scaled));
        }
        return decayed;
    }
}
