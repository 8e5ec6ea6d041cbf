package org.gradus.config;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Reductions;
import org.gradus.ops.Scans;
import org.gradus.ops.Softmax;
import org.gradus.ops.Sorting;
import org.gradus.ops.Views;

/// What the outputs of a model and the labels of the data are to a loss.
enum Sense {
    /// Scores of classes, of which softmax makes probabilities; labels are class numbers.
    CLASSES("class numbers"),
    /// Numbers near 1 for the class and near 0 for others; labels are one-hot.
    SHARES("one-hot classes"),
    /// Logarithms of probabilities; labels are probabilities, those of classes one-hot.
    LOG_SHARES("probabilities, from 0 to 1 and together 1"),
    /// The same, where labels are logarithms too.
    LOGS("logarithms of probabilities, which are together 1"),
    /// Logits; labels are 0 or 1, or probabilities.
    CHOICES("from 0 to 1"),
    /// Probabilities; labels are the same.
    PROBABILITIES("from 0 to 1"),
    /// Scores; labels are -1 or 1.
    SIGNS("-1, 0 or 1"),
    /// Scores of which those of the right labels should be above the others; a loss takes the numbers of the right ones.
    LISTS("0 or 1"),
    /// Numbers, in the units in which their mean is 0 and their deviation 1.
    NUMBERS("numbers"),
    /// Means and, after them, logarithms of variances, in the same units.
    NORMALS("numbers"),
    /// Means of counts.
    COUNTS("0 or more"),
    /// Logarithms of the means of counts.
    LOG_COUNTS("0 or more"),
    /// Places in a space, in which those of one class should be near each other; labels are class numbers.
    EMBEDDINGS("class numbers"),
    /// The same, where directions count alone.
    DIRECTIONS("class numbers"),
    /// Scores, which should be in the order of the labels.
    RANKS("numbers");

    private static final double ROUNDING = 1e-3; // by which probabilities in a file may miss 1

    private final String labels;

    Sense(String labels) {
        this.labels = labels;
    }

    /// What labels have to be.
    String labels() {
        return labels;
    }

    /// Whether each output is judged by itself, against a label that is yes or no.
    boolean isOfChoices() {
        return switch (this) {
            case CHOICES, PROBABILITIES, SIGNS, LISTS -> true;
            default -> false;
        };
    }

    /// Whether two classes have one output together.
    boolean isJoint() {
        return isOfChoices() && this != LISTS;
    }

    /// Whether outputs are places in a space.
    boolean isOfPlaces() {
        return this == EMBEDDINGS || this == DIRECTIONS;
    }

    /// Whether labels are brought to mean 0 and deviation 1.
    boolean isOfUnits() {
        return this == NUMBERS || this == NORMALS;
    }

    /// Whether class labels may be probabilities, as those of mixed examples are.
    boolean takesMixed() {
        return this == SHARES || this == LOG_SHARES;
    }

    /// The labels that a loss takes, of 0 and 1 (or between them) for each output.
    Tensor of(Tensor there) {
        return switch (this) {
            case SIGNS ->
                Logic.greater(there, 0).to(there.type().type()).times(2).minus(1);
            case LISTS -> listed(there);
            default -> there;
        };
    }

    /// Of 0 and 1 for each class the numbers of those with 1, then -1: `int64[batch, classes]`.
    private static Tensor listed(Tensor there) {
        int classes = there.shape().size(-1);
        Tensor numbers = Constants.iota(there.tracer(), there.type().with(Type.INT64), -1);
        Tensor right = Logic.where(Logic.greater(there, 0.5), numbers, (double) classes);
        Tensor sorted = Sorting.sort(right, -1).values();
        return Logic.where(Logic.less(sorted, (double) classes), sorted, -1);
    }

    /// What outputs say: probabilities, or numbers in the units of the labels that they were learnt from.
    Tensor answers(Tensor output, boolean ofClasses) {
        return switch (this) {
            case CLASSES -> Softmax.softmax(output, -1);
            case SHARES -> nearestShares(output);
            case LOG_SHARES -> ofClasses ? Softmax.softmax(output, -1) : output.exp();
            case CHOICES, SIGNS -> output.sigmoid();
            case LISTS ->
                ofClasses
                        ? Softmax.softmax(output, -1)
                        : output.minus(middle(output)).sigmoid();
            case LOG_COUNTS -> output.exp();
            case DIRECTIONS ->
                output.div(Views.unsqueeze(output.squared().sum(-1).plus(1e-12).sqrt(), -1));
            case PROBABILITIES, COUNTS, LOGS, NUMBERS, NORMALS, EMBEDDINGS, RANKS -> output;
        };
    }

    /// Halfway between an example's smallest output and its largest.
    private static Tensor middle(Tensor output) {
        Tensor sum = Reductions.amax(output, -1).plus(Reductions.amin(output, -1));
        return Views.unsqueeze(sum.times(0.5), -1);
    }

    /// The probabilities that are nearest to some numbers, which these are themselves if they are not negative and add up to
    /// 1. J. Duchi et al., *Efficient Projections onto the l1-Ball for Learning in High Dimensions*, 2008.
    static Tensor nearestShares(Tensor x) {
        Tensor sorted = Sorting.sort(x, -1, true).values();
        Tensor sums = Scans.cumsum(sorted, -1);
        Tensor places = Constants.iota(x.tracer(), x.type(), -1).plus(1);
        Tensor above =
                Logic.greater(sorted.times(places).plus(1), sums).to(x.type().type());
        Tensor surplus = sorted.times(above).sum(-1).minus(1).div(above.sum(-1));
        Tensor shares = x.minus(Views.unsqueeze(surplus, -1));
        return Logic.where(Logic.greater(shares, 0), shares, 0);
    }

    /// Which of these labels is not what it has to be; -1 for none.
    ///
    /// @param labels `[size, width]`
    int wrong(Array labels) {
        int width = Math.max(1, labels.count() / Math.max(1, labels.shape().size(0)));
        double sum = 0;
        for (int i = 0; i < labels.count(); i++) {
            double label = labels.get(i);
            boolean right = switch (this) {
                case SIGNS -> label == -1 || label == 0 || label == 1;
                case LISTS -> label == 0 || label == 1;
                case LOG_SHARES, CHOICES, PROBABILITIES -> label >= 0 && label <= 1;
                case LOGS -> label <= 0;
                case COUNTS, LOG_COUNTS -> label >= 0;
                case CLASSES, SHARES, NUMBERS, NORMALS, EMBEDDINGS, DIRECTIONS, RANKS -> true;
            };
            sum += this == LOGS ? Math.exp(label) : label;
            boolean last = (i + 1) % width == 0;
            if (!right || (last && (this == LOGS || this == LOG_SHARES) && Math.abs(sum - 1) > ROUNDING)) {
                return i;
            }
            sum = last ? 0 : sum;
        }
        return -1;
    }

    /// One-hot numbers of classes, those that are told apart by one output as 0 and 1.
    ///
    /// @param labels class numbers `int64[batch]`, or probabilities of the output's shape
    static Tensor hot(Tensor output, Tensor labels, int classes) {
        if (!labels.type().type().isInteger()) {
            return labels;
        }
        int axis = output.shape().rank() - 1;
        Shape joint = labels.shape().inserted(axis, 1);
        Tensor hot = output.shape().size(axis) < classes
                ? labels.reshape(joint.sizes())
                : Indexing.oneHot(labels, classes, axis);
        return hot.to(output.type().type());
    }
}
