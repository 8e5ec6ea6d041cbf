package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.gradus.metrics.ClassificationReport;
import org.gradus.metrics.MultiLabelReport;
import org.gradus.metrics.Neighbours;
import org.gradus.metrics.RankingReport;
import org.gradus.metrics.RegressionReport;
import org.gradus.metrics.Report;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Loss;
import org.gradus.nn.Losses;
import org.gradus.nn.Metric;
import org.gradus.nn.PairLoss;
import org.gradus.nn.PerPosition;
import org.gradus.nn.SummedLoss;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;
import org.jspecify.annotations.Nullable;

/// A loss as a configuration names it, and what follows from it: which labels it is given, what the outputs of a model mean
/// that makes it small, and what such a model is judged by.
///
/// @param loss of outputs and labels as they are to it, reduced
/// @param sense what these are
/// @param task what the model is for
/// @param outputs how many numbers the model gives, for each example or each position of one
/// @param smoothing the share of one-hot labels that is spread over all classes
/// @param classWeights how much an example of each class counts; empty for alike, or where the loss knows them itself
record Objective(Loss loss, Sense sense, Task task, int outputs, double smoothing, List<Double> classWeights)
        implements Loss {
    private static final int NEIGHBOURS = 5;

    /// Of a recipe that a configuration has made.
    static Objective of(Loss loss) {
        return (Objective) (loss instanceof PerPosition each ? each.loss() : loss);
    }

    /// @param labels as the data have them
    @Override
    public Tensor of(Tensor output, Tensor labels) {
        return reduced(output, labels, null);
    }

    @Override
    public Tensor of(Tensor output, Tensor labels, Tensor weights) {
        return reduced(output, labels, weights);
    }

    private Tensor reduced(Tensor output, Tensor labels, @Nullable Tensor examples) {
        Tensor weights = classWeights.isEmpty() ? examples : weights(output, labels, examples);
        Tensor wanted = wanted(output, labels);
        if (weights != null) {
            return loss.of(output, wanted, weights);
        }
        return loss.equals(CrossEntropyLoss.of()) ? Losses.crossEntropy(output, wanted) : loss.of(output, wanted);
    }

    private Tensor wanted(Tensor output, Tensor labels) {
        if (sense == Sense.CLASSES || loss instanceof PairLoss) {
            return labels;
        }
        if (classes() == 0) {
            return sense.of(labels);
        }
        Tensor hot = Sense.hot(output, labels, classes());
        return sense.of(smoothing == 0 ? hot : hot.times(1 - smoothing).plus(smoothing / classes()));
    }

    /// What the loss of each example is multiplied by. Where a mean is taken, those of classes are 1 in the mean: it is
    /// weighted.
    private Tensor weights(Tensor output, Tensor labels, @Nullable Tensor examples) {
        Tensor perClass = constant(output, classWeights);
        Tensor own = labels.type().type().isInteger()
                ? Indexing.take(perClass, labels)
                : labels.times(perClass).sum(-1);
        Tensor mean = own.mean();
        Tensor even = loss instanceof SummedLoss ? own : own.div(Logic.where(Logic.equal(mean, 0), 1, mean));
        return examples == null ? even : even.times(examples);
    }

    private int classes() {
        return task.classes().size();
    }

    /// Whether class labels may be probabilities, as those of mixed examples are.
    boolean takesMixed() {
        return sense.takesMixed() || loss instanceof CrossEntropyLoss;
    }

    /// Whether labels are numbers to be brought to mean 0 and deviation 1.
    boolean isOfNumbers() {
        return sense.isOfUnits();
    }

    /// Whether answers are the probabilities of classes.
    boolean tellsClasses() {
        return classes() > 0 && !sense.isOfPlaces();
    }

    /// The names of the numbers in an answer.
    List<String> columns() {
        if (tellsClasses()) {
            return task.classes();
        }
        return sense.isOfPlaces()
                ? IntStream.rangeClosed(1, outputs)
                        .mapToObj(i -> "embedding " + i)
                        .toList()
                : sense == Sense.NORMALS ? withDeviations() : outputs == 1 ? List.of("prediction") : task.labels();
    }

    private List<String> withDeviations() {
        if (outputs == 2) {
            return List.of("prediction", "deviation");
        }
        List<String> columns = new ArrayList<>(task.labels());
        task.labels().forEach(label -> columns.add("deviation of " + label));
        return columns;
    }

    /// What [#metric] is called.
    String metricName() {
        return classes() > 0 || sense.isOfChoices() || loss instanceof PairLoss ? "accuracy" : "mae";
    }

    /// What people judge a model by: the share that is right; of numbers the mean absolute error, in the units of the labels.
    Metric metric() {
        if (loss instanceof PairLoss pairs) {
            return pairs::accuracy;
        }
        if (sense == Sense.CLASSES) {
            return Metric::accuracy;
        }
        if (classes() > 0) {
            return (output, labels) -> Metric.accuracy(answers(output), labels);
        }
        if (sense.isOfChoices()) {
            return (output, labels) -> Logic.equal(Logic.greater(answers(output), 0.5), Logic.greater(labels, 0.5))
                    .to(output.type().type())
                    .mean();
        }
        if (!isOfNumbers()) {
            return (output, labels) -> new L1Loss().of(answers(output), labels);
        }
        double[] spreads = task.units().spreads();
        return spreads.length == 1
                ? (output, labels) -> new L1Loss().of(predicted(output), labels).times(spreads[0])
                : (output, labels) -> new L1Loss()
                        .each(predicted(output), labels)
                        .times(constant(output, spreads))
                        .mean();
    }

    /// Of outputs the numbers that are predicted, without their variances.
    private Tensor predicted(Tensor output) {
        return sense == Sense.NORMALS ? Views.narrow(output, -1, 0, outputs / 2) : output;
    }

    /// What the outputs of such a model say: probabilities `[batch, classes]`, or of each label that is 0 or 1 that it is 1
    /// `[batch, labels]`, or numbers `[batch, labels]` in the units of the labels, perhaps with their deviations behind them, or a
    /// place in a space.
    Tensor answers(Tensor output) {
        if (classes() == 2 && outputs == 1) {
            Tensor first = sense == Sense.PROBABILITIES ? output.negated().plus(1) : output.negated();
            return sense.answers(Views.concat(1, first, output), true);
        }
        if (!isOfNumbers()) {
            return sense.answers(output, classes() > 0);
        }
        double[] centers = task.units().centers();
        double[] spreads = task.units().spreads();
        Tensor numbers = predicted(output);
        Tensor means = centers.length == 1
                ? numbers.times(spreads[0]).plus(centers[0])
                : numbers.times(constant(output, spreads)).plus(constant(output, centers));
        if (sense != Sense.NORMALS) {
            return means;
        }
        Tensor logs = Views.narrow(output, -1, outputs / 2, outputs / 2);
        return Views.concat(-1, means, logs.times(0.5).exp().times(constant(output, spreads)));
    }

    /// How good such answers are.
    ///
    /// @param said `[examples, …]`
    /// @param labels in the units of the model
    Report report(Array said, Array labels) {
        if (sense.isOfPlaces()) {
            return ClassificationReport.of(
                    task.classes(), Neighbours.votes(said, labels, classes(), NEIGHBOURS), labels);
        }
        if (classes() > 0) {
            return ClassificationReport.of(task.classes(), said, labels);
        }
        if (sense.isOfChoices()) {
            return MultiLabelReport.of(task.labels(), said, zerosAndOnes(labels));
        }
        return sense == Sense.RANKS
                ? RankingReport.of(said, labels)
                : RegressionReport.of(
                        task.labels(), sense == Sense.NORMALS ? withoutDeviations(said) : said, task.unscaled(labels));
    }

    private static Array withoutDeviations(Array said) {
        int size = said.shape().size(0);
        int width = said.shape().size(1) / 2;
        Array numbers = Array.zeros(said.type().with(Shape.of(size, width)));
        for (int i = 0; i < size * width; i++) {
            numbers.set(i, said.get(i / width * 2 * width + i % width));
        }
        return numbers;
    }

    private static Array zerosAndOnes(Array labels) {
        Array bits = labels.to(labels.type().type());
        for (int i = 0; i < bits.count(); i++) {
            bits.set(i, Math.max(0, bits.get(i)));
        }
        return bits;
    }

    /// Numbers as a vector of the output's type.
    private static Tensor constant(Tensor output, double... numbers) {
        return output.tracer()
                .constant(Array.of(Shape.of(numbers.length), numbers)
                        .to(output.type().type()));
    }

    private static Tensor constant(Tensor output, List<Double> numbers) {
        return constant(
                output, numbers.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
