package org.gradus.strategies;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Indexing;
import org.gradus.ops.LogSoftmax;
import org.gradus.ops.Reductions;
import org.gradus.ops.Softmax;
import org.gradus.ops.Views;

/// Several models that answer together, as one: the average of what they say, or the majority. Paths are `members.0`,
/// `members.1` … Lecture: *Generalization*; L. Hansen, P. Salamon, *Neural network ensembles*, 1990.
///
/// @param members models with outputs of one shape
/// @param combination how their answers become one
public record Ensemble(List<Layer> members, Combination combination) implements Layer {
    /// How answers become one.
    public enum Combination {
        /// The mean of numbers.
        MEAN,
        /// The mean of the probabilities of classes: logits `[batch, classes]`, of which the logarithm of that mean is made.
        AVERAGE,
        /// The class that most members hold to be the likeliest. Probabilities are the shares of votes, where all members
        /// together have one more, which they divide by their mean probabilities: so it decides where votes are equal. The
        /// logarithm is made of these. It has no gradient but through that one vote.
        VOTE
    }

    /// Freezes the list.
    public Ensemble {
        members = List.copyOf(members);
    }

    /// Where the states of a member lie.
    static String path(int member) {
        return "members." + member;
    }

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        List<Tensor> answers = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            answers.add(scope.call(path(i), members.get(i), x));
        }
        Tensor all = Views.stack(0, answers); // [members, batch, …]
        return switch (combination) {
            case MEAN -> all.mean(0);
            case AVERAGE ->
                Reductions.logSumExp(LogSoftmax.logSoftmax(all, -1), 0).minus(Math.log(members.size()));
            case VOTE -> {
                Tensor votes = Indexing.oneHot(
                                Reductions.argmax(all, -1), all.shape().size(-1), -1)
                        .to(all.type().type());
                yield votes.sum(0)
                        .plus(Softmax.softmax(all, -1).mean(0))
                        .div(members.size() + 1.0)
                        .log();
            }
        };
    }
}
