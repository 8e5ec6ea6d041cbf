package org.gradus.nn;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;

/// Rows of a table folded over bags of words: as a layer, `[bags, words]` of row numbers to `[bags, size]`. The parameter
/// is that of [Embedding]. An empty bag gives 0.
///
/// @param count how many rows there are
/// @param size how long each is
public record EmbeddingBag(int count, int size, Fold fold) implements Layer {
    /// What is made of the rows of a bag.
    public enum Fold {
        SUM,
        MEAN,
        /// The largest number of each column; of equal ones the first gets the gradient.
        MAX
    }

    /// With means, PyTorch's default.
    public static EmbeddingBag of(int count, int size) {
        return new EmbeddingBag(count, size, Fold.MEAN);
    }

    /// @throws org.gradus.base.GradusException when the input is no matrix
    @Override
    public Tensor forward(Scope scope, Tensor ids) {
        new Use("EmbeddingBag", scope, ids).rank(2, 2, "[bags, words]");
        Tensor offsets = Constants.arange(ids.tracer(), Type.INT64, ids.shape().size(0))
                .times(ids.shape().size(1));
        return pool(scope, Views.flatten(ids), offsets);
    }

    /// Bags that stand one after the other.
    ///
    /// @param ids the words of all, `[words]`
    /// @param offsets where each bag starts, ascending, `[bags]`; the first is 0
    public Tensor pool(Scope scope, Tensor ids, Tensor offsets) {
        new Use("EmbeddingBag", scope, ids).rank(1, 1, "[words]");
        Tensor rows = Indexing.take(Embedding.of(count, size).table(scope), ids);
        Type type = rows.type().type();
        Tensor places = Constants.arange(
                ids.tracer(), offsets.type().type(), ids.shape().size(0));
        Tensor started = Logic.lessEqual(Views.unsqueeze(offsets, 1), places); // [bags, words]
        Tensor bag = started.to(Type.INT64).sum(0).minus(1);
        Tensor member = Indexing.oneHot(bag, offsets.shape().size(0), 0); // [bags, words]
        Tensor counts = Views.unsqueeze(member.to(type).sum(1), 1);
        if (fold == Fold.MAX) {
            Tensor each = Logic.where(Views.unsqueeze(member, 2), rows, Double.NEGATIVE_INFINITY);
            return Logic.where(
                    Logic.equal(counts, 0), 0, Reductions.max(each, 1).values());
        }
        Shape bags = Shape.of(offsets.shape().size(0), size);
        Tensor target = Views.unsqueeze(bag, 1).broadcastTo(rows.shape());
        Tensor sums = Indexing.scatterAdd(Constants.zeros(ids.tracer(), new TensorType(type, bags)), 0, target, rows);
        return fold == Fold.SUM ? sums : sums.div(Elementwise.maximum(counts, 1));
    }
}
