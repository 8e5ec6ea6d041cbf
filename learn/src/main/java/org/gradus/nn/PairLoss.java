package org.gradus.nn;

import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Views;

/// A loss over the pairs or triples of examples that a batch has: the mean of one number for each, 0 where there are none.
/// Which belong together, the labels tell; so what it computes depends on the batch alone. The numbers are those of
/// [PairedLosses].
public sealed interface PairLoss extends Loss {
    /// The share of a batch that is right, by which people judge: examples whose nearest neighbour is of their class, or
    /// pairs that are in the right order.
    ///
    /// @param output the model's
    /// @param labels as the loss takes them
    Tensor accuracy(Tensor output, Tensor labels);

    /// The cosine embedding loss of all pairs, where examples of one class belong together.
    ///
    /// @param margin the cosine that others may have; PyTorch's default is 0
    record CosineEmbedding(double margin) implements PairLoss {
        /// @param output embeddings `[batch, features]`
        /// @param labels class numbers `int64[batch]`
        @Override
        public Tensor of(Tensor output, Tensor labels) {
            Tensor signs = same(labels).to(output.type().type()).times(2).minus(1);
            Tensor losses = PairedLosses.cosineEmbedding(rows(output), columns(output), signs, margin);
            return mean(losses, others(labels));
        }

        @Override
        public Tensor accuracy(Tensor output, Tensor labels) {
            Tensor lengths =
                    Views.unsqueeze(output.squared().sum(-1).plus(1e-12).sqrt(), -1);
            return nearest(distances(output.div(lengths), 2), labels);
        }
    }

    /// The hinge embedding loss of the distances of all pairs, where examples of one class belong together.
    ///
    /// @param margin how far apart the others should be; PyTorch's default is 1
    record HingeEmbedding(double margin) implements PairLoss {
        /// @param output embeddings `[batch, features]`
        /// @param labels class numbers `int64[batch]`
        @Override
        public Tensor of(Tensor output, Tensor labels) {
            Tensor signs = same(labels).to(output.type().type()).times(2).minus(1);
            return mean(new HingeEmbeddingLoss(margin).each(distances(output, 2), signs), others(labels));
        }

        @Override
        public Tensor accuracy(Tensor output, Tensor labels) {
            return nearest(distances(output, 2), labels);
        }
    }

    /// The triplet margin loss of all triples: an anchor, another example of its class, and one of another class. Their number
    /// grows with the cube of the batch.
    ///
    /// @param margin by how much the one of its class should be nearer; PyTorch's default is 1
    /// @param order of the norm; 2
    /// @param swap whether the negative may be compared with the positive instead, when that is closer; `false`
    record TripletMargin(double margin, double order, boolean swap) implements PairLoss {
        /// @param output embeddings `[batch, features]`
        /// @param labels class numbers `int64[batch]`
        @Override
        public Tensor of(Tensor output, Tensor labels) {
            Tensor distances = distances(output, order);
            Tensor apart = Views.unsqueeze(distances, 1); // [anchor, 1, negative]
            Tensor nearer = swap ? Elementwise.minimum(apart, Views.unsqueeze(distances, 0)) : apart;
            Tensor losses =
                    Losses.hinge(Views.unsqueeze(distances, 2).minus(nearer).plus(margin));
            Tensor same = same(labels);
            Tensor positives = Views.unsqueeze(Logic.and(same, others(labels)), 2);
            return mean(losses, Logic.and(positives, Views.unsqueeze(Logic.not(same), 1)));
        }

        @Override
        public Tensor accuracy(Tensor output, Tensor labels) {
            return nearest(distances(output, order), labels);
        }
    }

    /// The margin ranking loss of all pairs with different labels: the one with the larger label should have the larger score.
    ///
    /// @param margin by how much; PyTorch's default is 0
    record MarginRanking(double margin) implements PairLoss {
        /// @param output scores `[batch, 1]`
        /// @param labels numbers `[batch, 1]`
        @Override
        public Tensor of(Tensor output, Tensor labels) {
            Tensor first = Logic.greater(labels, Views.transpose(labels, 0, 1));
            Tensor ones = Constants.onesLike(first.to(output.type().type()));
            return mean(PairedLosses.marginRanking(output, Views.transpose(output, 0, 1), ones, margin), first);
        }

        @Override
        public Tensor accuracy(Tensor output, Tensor labels) {
            Tensor right = Logic.greater(output, Views.transpose(output, 0, 1));
            return mean(right.to(output.type().type()), Logic.greater(labels, Views.transpose(labels, 0, 1)));
        }
    }

    private static Tensor rows(Tensor x) {
        return Views.unsqueeze(x, 1);
    }

    private static Tensor columns(Tensor x) {
        return Views.unsqueeze(x, 0);
    }

    private static Tensor distances(Tensor x, double order) {
        return PairedLosses.distance(rows(x), columns(x), order);
    }

    /// Which examples are of one class, `bool[batch, batch]`.
    private static Tensor same(Tensor labels) {
        return Logic.equal(rows(labels), columns(labels));
    }

    /// Which pairs are of two examples, `bool[batch, batch]`.
    private static Tensor others(Tensor labels) {
        Tensor places =
                Constants.arange(labels.tracer(), Type.INT64, labels.shape().size(0));
        return Logic.notEqual(rows(places), columns(places));
    }

    private static Tensor mean(Tensor losses, Tensor which) {
        Tensor count = which.to(losses.type().type()).sum();
        return Logic.where(which, losses, 0).sum().div(Elementwise.maximum(count, 1));
    }

    private static Tensor nearest(Tensor distances, Tensor labels) {
        Tensor apart = Logic.where(others(labels), distances, Double.POSITIVE_INFINITY);
        Tensor neighbours = Indexing.take(labels, Reductions.argmin(apart, -1));
        return Logic.equal(neighbours, labels).to(distances.type().type()).mean();
    }
}
