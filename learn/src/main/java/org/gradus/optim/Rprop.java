package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Initial;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Logic;

/// Resilient propagation, which looks at the signs of gradients alone. Each parameter has a step of its own, at first
/// the learning rate, that is multiplied by α while the sign stays, and by β when it changes. It is for whole batches.
///
/// When the sign changed, PyTorch leaves the parameter where it is for one step and forgets the gradient. The lecture
/// (*Rprop (simplified)*) steps back to where the parameter was and takes the smaller step from there; the sign that is
/// compared stays that of before. Its ceiling and floor are taken as those of the step's length.
/// Where parameters depend on each other that sign can be out of date for ever, and the parameter stops.
///
/// M. Riedmiller, H. Braun, *A direct adaptive method for faster backpropagation learning*, 1993. State: `step_size`,
/// and `prev` in PyTorch's form; in the lecture's, `step_size` has the sign.
///
/// @param beta what steps are multiplied by when the sign changes, below 1
/// @param alpha what they are multiplied by while it stays, above 1
/// @param least the smallest step, Δmin
/// @param most the largest step, Δmax
/// @param stepBack whether it is the lecture's form
public record Rprop(double beta, double alpha, double least, double most, boolean stepBack) implements Rule {
    /// @throws org.gradus.base.GradusException when a number is out of its range
    public Rprop {
        Numbers.demand(beta > 0 && beta < 1, "β is above 0 and below 1", beta);
        Numbers.demand(alpha > 1, "α is above 1", alpha);
        Numbers.demand(least > 0, "The smallest step is above 0", least);
        Numbers.demand(most >= least, "The largest step is at least the smallest", most);
    }

    /// PyTorch's form with β = 0.5, α = 1.2 and steps from 10⁻⁶ to 50.
    public static Rprop of() {
        return new Rprop(0.5, 1.2, 1e-6, 50, false);
    }

    /// The lecture's form with its β = 0.5 and α = 1.2, and steps from 10⁻⁶ to 50.
    public static Rprop ofLecture() {
        return new Rprop(0.5, 1.2, 1e-6, 50, true);
    }

    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        return stepBack ? steppingBack(update, directions) : staying(update, directions);
    }

    private List<Tensor> staying(Update update, List<Tensor> directions) {
        List<Tensor> befores = update.buffers("prev", Initial.constant(0));
        List<Tensor> olds = update.buffers("step_size", Initial.constant(0)); // 0: not started
        List<Tensor> kept = new ArrayList<>();
        List<Tensor> sizes = new ArrayList<>();
        List<Tensor> steps = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor d = directions.get(i);
            Tensor agreement = Elementwise.sign(d).times(Elementwise.sign(befores.get(i)));
            Tensor old = started(olds.get(i), update.learningRates().get(i));
            Tensor factor = Logic.where(
                    Logic.greater(agreement, 0),
                    alpha,
                    Logic.where(Logic.less(agreement, 0), beta, Constants.onesLike(d)));
            Tensor size = Elementwise.clamp(old.times(factor), least, most);
            Tensor used = Logic.where(Logic.less(agreement, 0), 0, d);
            kept.add(used);
            sizes.add(size);
            steps.add(Elementwise.sign(used).times(size));
        }
        update.assign(befores, kept);
        update.assign(olds, sizes);
        return steps;
    }

    private List<Tensor> steppingBack(Update update, List<Tensor> directions) {
        List<Tensor> olds =
                update.buffers("step_size", Initial.constant(0)); // with the sign of the last gradient taken
        List<Tensor> news = new ArrayList<>();
        List<Tensor> steps = new ArrayList<>();
        for (int i = 0; i < directions.size(); i++) {
            Tensor sign = Elementwise.sign(directions.get(i));
            Tensor old = olds.get(i);
            Tensor first = Logic.equal(old, 0);
            Tensor same = Logic.equal(sign, Elementwise.sign(old));
            Tensor length = Elementwise.abs(old);
            Tensor longer = Elementwise.minimum(length.times(alpha), most);
            Tensor shorter = Elementwise.maximum(length.times(beta), least);
            Tensor next = Elementwise.sign(old).times(Logic.where(same, longer, shorter));
            Tensor start = sign.times(update.learningRates().get(i));
            Tensor now = Logic.where(first, start, next);
            news.add(now);
            steps.add(Logic.where(Logic.or(first, same), now, now.minus(old)));
        }
        update.assign(olds, news);
        return steps;
    }

    private static Tensor started(Tensor size, Tensor learningRate) {
        return Logic.where(Logic.equal(size, 0), learningRate, size);
    }
}
