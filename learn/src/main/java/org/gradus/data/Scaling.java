package org.gradus.data;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// A change of units: `(x - center) / spread`, feature by feature, or channel by channel of images. Fit it to the
/// training part alone and apply it to all parts.
///
/// @param center `float64`, the shape of one example's features; or `[channels, 1, 1]` for images
/// @param spread `float64`, the same shape, no zeros
public record Scaling(Array center, Array spread) {
    private static final int CHUNK = 256; // examples

    /// @throws GradusException when the two shapes differ, or a spread is 0 or no number
    public Scaling {
        if (!center.shape().equals(spread.shape())) {
            throw new GradusException(
                    "scaling-shape",
                    "A scaling has one center and one spread for each feature, but the centers are " + center.shape()
                            + " and the spreads " + spread.shape() + ". Give both the shape of one example.");
        }
        for (int i = 0; i < spread.count(); i++) {
            if (spread.get(i) == 0 || !Double.isFinite(spread.get(i)) || !Double.isFinite(center.get(i))) {
                throw new GradusException(
                        "scaling-spread",
                        "Feature " + i + " would be scaled by center " + center.get(i) + " and spread " + spread.get(i)
                                + ", but a center is a number and a spread one other than 0. Are there NaN or infinite"
                                + " features? One that never changes has the spread 1.");
            }
        }
    }

    /// For inputs of this form: a number for each channel or each column, as [#centers] and [#spreads] give them.
    ///
    /// @throws GradusException when there are more or fewer of them
    public static Scaling of(Form form, double[] centers, double[] spreads) {
        Shape units = units(form.shape());
        if (centers.length != units.count() || spreads.length != units.count()) {
            throw new GradusException(
                    "scaling-shape",
                    "A scaling of inputs " + form.shape() + " has " + units.count()
                            + " centers and as many spreads, but there are " + centers.length + " and "
                            + spreads.length + ". Give one for each channel of images, or for each column of rows.");
        }
        return new Scaling(Array.of(units, centers.clone()), Array.of(units, spreads.clone()));
    }

    /// Divides every feature by one number, such as the largest value that a pixel can take.
    public static Scaling by(Shape features, double spread) {
        return new Scaling(
                Array.zeros(new TensorType(Type.FLOAT64, features)),
                Array.full(new TensorType(Type.FLOAT64, features), spread));
    }

    /// To mean 0 and standard deviation 1 (divided by the count) over these examples: each channel of images
    /// `[size, channels, height, width]`, each column of sequences `[size, time, columns]`, each feature of others. What never changes becomes 0.
    public static Scaling standardizing(Examples training) {
        Shape units = units(training);
        double[] means = new double[units.count()];
        double[] deviations = new double[units.count()];
        double count = (double) training.size() * training.one().count() / units.count();
        fold(training, units, (unit, value) -> means[unit] += value);
        Arrays.setAll(means, unit -> means[unit] / count);
        fold(training, units, (unit, value) -> deviations[unit] += (value - means[unit]) * (value - means[unit]));
        for (int unit = 0; unit < means.length; unit++) {
            double deviation = Math.sqrt(deviations[unit] / count);
            // The mean of equal numbers may be off by rounding; what is left then is no deviation.
            deviations[unit] = deviation > 1e-12 * Math.abs(means[unit]) ? deviation : 1;
        }
        return new Scaling(Array.of(units, means), Array.of(units, deviations));
    }

    /// To the range from 0 to 1 over these examples: each channel of images, each column of sequences, each feature of others. What never changes
    /// becomes 0.
    public static Scaling toUnitRange(Examples training) {
        Shape units = units(training);
        double[] lows = new double[units.count()];
        double[] highs = new double[units.count()];
        Arrays.fill(lows, Double.POSITIVE_INFINITY);
        Arrays.fill(highs, Double.NEGATIVE_INFINITY);
        fold(training, units, (unit, value) -> {
            lows[unit] = Math.min(lows[unit], value);
            highs[unit] = Math.max(highs[unit], value);
        });
        Arrays.setAll(highs, unit -> highs[unit] == lows[unit] ? 1 : highs[unit] - lows[unit]);
        return new Scaling(Array.of(units, lows), Array.of(units, highs));
    }

    /// The centers as a list, to be kept with a model.
    public double[] centers() {
        return center.toDoubles();
    }

    /// The spreads as a list, to be kept with a model.
    public double[] spreads() {
        return spread.toDoubles();
    }

    /// The examples in the new units, as `float32` (or `float64` where the features are). Images that lie in memory as
    /// bytes stay bytes when each channel has one center and one spread.
    ///
    /// @throws GradusException when their features have another shape
    public Examples apply(Examples examples) {
        demand(examples.one());
        return examples.scaled(this);
    }

    /// Features `[size, …]` in the new units, such as those that a [Form] read for a prediction.
    ///
    /// @throws GradusException when they have another shape
    public Array apply(Array features) {
        Shape one = features.shape().part(1, features.shape().rank());
        demand(one);
        Type type = features.type().type() == Type.FLOAT64 ? Type.FLOAT64 : Type.FLOAT32;
        Array scaled = Array.zeros(features.type().with(type));
        int units = center.count();
        int places = center.shape().equals(units(one)) ? places(one) : 1;
        for (int from = 0; from < scaled.count(); from += places) {
            int unit = from / places % units;
            double middle = center.get(unit);
            double width = spread.get(unit);
            for (int i = from; i < from + places; i++) {
                scaled.set(i, (features.get(i) - middle) / width);
            }
        }
        return scaled;
    }

    /// A value of this feature or channel in the new units.
    double of(int unit, double value) {
        return (value - center.get(unit)) / spread.get(unit);
    }

    private void demand(Shape one) {
        if (!center.shape().equals(one) && !center.shape().equals(units(one))) {
            throw new GradusException(
                    "scaling-shape",
                    "The scaling is for features " + center.shape() + ", but the examples have " + one
                            + ". Fit it to examples of the same kind.");
        }
    }

    /// Takes one value of a unit after the other.
    @FunctionalInterface
    private interface Fold {
        void take(int unit, double value);
    }

    /// Hands over all values, example by example; some examples at a time, because images grow when they become floats.
    private static void fold(Examples training, Shape units, Fold fold) {
        int places = places(training.one());
        for (int[] positions : Order.batches(Order.sequential(training.size()), CHUNK)) {
            Array features = training.batch(positions).features();
            for (int i = 0; i < features.count(); i += places) {
                for (int place = 0; place < places; place++) {
                    fold.take(i / places % units.count(), features.get(i + place));
                }
            }
        }
    }

    /// What has a center and a spread of its own: each channel of an image, each column of a sequence, else each feature.
    private static Shape units(Shape one) {
        return switch (one.rank()) {
            case 2 -> Shape.of(one.size(1));
            case 3 -> Shape.of(one.size(0), 1, 1);
            default -> one;
        };
    }

    /// How many values of one unit lie side by side.
    private static int places(Shape one) {
        return one.rank() == 3 ? one.size(1) * one.size(2) : 1;
    }

    private static Shape units(Examples training) {
        if (training.size() == 0) {
            throw new GradusException(
                    "examples-none",
                    "A scaling is fitted to examples, but there are none. Is the training part of the split empty?");
        }
        return units(training.one());
    }
}
