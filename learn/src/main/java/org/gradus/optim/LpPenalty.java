package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;
import org.gradus.expr.Term;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;

/// The gradient of a penalty on large parameters, added to the gradients: first in a chain. As the lecture writes it, the
/// penalty is λ·‖θ‖ₚ, the norm of all penalised parameters as one vector; as it is usually computed, λ·Σ|θᵢ|ᵖ. The
/// elastic net is two of them. Its derivative at 0 is 0; p = 1 comes close to zeros, which [ShrinkToZero] reaches.
///
/// @param rate λ, at least 0
/// @param order p, at least 1
/// @param root whether it is the norm, the p-th root of the sum
/// @param roles which parameters are penalised
public record LpPenalty(double rate, double order, boolean root, List<Role> roles) implements Rule {
    /// @throws org.gradus.base.GradusException when λ is negative or p below 1
    public LpPenalty {
        Numbers.notNegative("A penalty", rate);
        Numbers.demand(order >= 1 && order < Double.POSITIVE_INFINITY, "The order p is finite and at least 1", order);
        roles = List.copyOf(roles);
    }

    /// The norm λ·‖θ‖ₚ of weights and embeddings.
    public static LpPenalty norm(double rate, double order) {
        return new LpPenalty(rate, order, true, Roles.WEIGHTS);
    }

    /// The sum of powers λ·Σ|θᵢ|ᵖ over weights and embeddings.
    public static LpPenalty powers(double rate, double order) {
        return new LpPenalty(rate, order, false, Roles.WEIGHTS);
    }

    /// The elastic net: λ₁·Σ|θᵢ| + λ₂·Σθᵢ².
    public static Chain elastic(double first, double second) {
        return Chain.of(powers(first, 1), powers(second, 2));
    }

    /// This, of every parameter.
    public LpPenalty everywhere() {
        return new LpPenalty(rate, order, root, Roles.ALL);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        List<Tensor> penalised = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            if (roles.contains(update.keys().get(i).role())) {
                penalised.add(update.parameters().get(i));
            }
        }
        if (penalised.isEmpty()) {
            return directions;
        }
        // d/dw ‖θ‖ = sign(w)·(|w| / ‖θ‖)^(p-1); d/dw Σ|θ|^p = p·sign(w)·|w|^(p-1)
        List<Tensor> norms =
                penalised.stream().map(w -> Reductions.norm(w, order)).toList();
        Tensor norm = Reductions.norm(Views.stack(0, norms), order);
        Tensor divisor = Logic.where(Logic.equal(norm, 0), 1, norm);
        double scale = root ? rate : rate * order;
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor w = update.parameters().get(i);
            double factor = scale * update.decayFactors().get(i);
            results.add(
                    roles.contains(update.keys().get(i).role())
                            ? directions
                                    .get(i)
                                    .plus(slope(root ? w.div(divisor) : w).times(factor))
                            : directions.get(i));
        }
        return results;
    }

    private Tensor slope(Tensor w) {
        return order == 1
                ? Elementwise.sign(w)
                : Tensor.map(Formula.unary("lp-slope", x -> signedPower(x, order - 1)), w);
    }

    private static Term signedPower(Term x, double power) {
        return x.with(Code.SIGN).times(x.abs().with(Code.POW, x.literal(power)));
    }
}
