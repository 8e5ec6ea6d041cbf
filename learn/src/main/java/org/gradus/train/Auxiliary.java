package org.gradus.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.base.GradusException;
import org.gradus.base.Nearest;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Sequential;
import org.gradus.optim.Schedule;

/// A loss on the output of a layer inside of a model, which is added to the model's own: L + Σ αⱼ·lⱼ. Where the two meet,
/// their gradients add up. C.-Y. Lee et al., *Deeply-Supervised Nets*, 2015; lecture: *Deep supervision*.
///
/// It is there while training only. What the head remembers lies below `auxiliary.` and the layer's path.
///
/// @param at the path of the layer, such as `conv1`, as it was called last; empty for the model itself
/// @param head from the layer's output to what the loss takes
/// @param loss of the head's output and the labels
/// @param weight α, by the progress of training: let it fall, and the head only gives a start
public record Auxiliary(String at, Layer head, Loss loss, Schedule weight) {
    /// A linear classifier on all numbers of a layer's output, with cross-entropy.
    public static Auxiliary classifier(String at, int classes, Schedule weight) {
        return new Auxiliary(at, Sequential.of(new Flatten(), Linear.of(classes)), Losses::crossEntropy, weight);
    }

    /// Where its head stands.
    private String path() {
        return at.isEmpty() ? "auxiliary" : "auxiliary." + at;
    }

    /// The model's loss with the weighted losses of these added.
    ///
    /// @param outputs of the model's layers, by path
    /// @param weights scalars, one for each
    /// @param data features, labels, and the weights of examples if they have some
    static Tensor add(
            Tensor loss, List<Auxiliary> all, List<Tensor> weights, Scope scope, Outputs outputs, List<Tensor> data) {
        Tensor sum = loss;
        for (int i = 0; i < all.size(); i++) {
            Auxiliary one = all.get(i);
            Tensor output = scope.call(one.path(), one.head(), outputs.at(one.at()));
            sum = sum.plus(of(one.loss(), output, data).times(weights.get(i)));
        }
        return sum;
    }

    /// A loss of a batch.
    ///
    /// @param data features, labels, and the weights of examples if they have some
    static Tensor of(Loss loss, Tensor output, List<Tensor> data) {
        return data.size() == 2 ? loss.of(output, data.get(1)) : loss.of(output, data.get(1), data.get(2));
    }

    /// What the layers of a model made of one batch.
    static final class Outputs implements Scope.Watcher {
        private final Map<String, Tensor> byPath = new LinkedHashMap<>();

        @Override
        public void called(String path, Layer layer, Tensor y) {
            byPath.put(path, y);
        }

        /// By path, in the order in which layers end.
        Map<String, Tensor> all() {
            return byPath;
        }

        Tensor at(String path) {
            Tensor output = byPath.get(path);
            if (output == null) {
                List<String> named =
                        byPath.keySet().stream().filter(name -> !name.isEmpty()).toList();
                throw new GradusException(
                        "auxiliary-path",
                        "A loss is added at `" + path + "`, but the model calls no such layer"
                                + Nearest.guess(path, named) + " It calls " + String.join(", ", named) + ".");
            }
            return output;
        }
    }
}
