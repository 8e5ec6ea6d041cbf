package org.gradus.data;

import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// A change of units, feature by feature: `(x - center) / spread`. Fit it to the training part alone and apply it to
/// all parts.
///
/// @param center `float64`, the shape of one example's features
/// @param spread `float64`, the same shape, no zeros
public record Scaling(Array center, Array spread) {
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

    /// Divides every feature by one number, such as the largest value that a pixel can take.
    public static Scaling by(Shape features, double spread) {
        return new Scaling(
                Array.zeros(new TensorType(Type.FLOAT64, features)),
                Array.full(new TensorType(Type.FLOAT64, features), spread));
    }

    /// To mean 0 and standard deviation 1 (divided by the count) over these examples. A feature that never changes
    /// becomes 0.
    public static Scaling standardizing(Examples training) {
        int width = width(training);
        double[] mean = new double[width];
        double[] squares = new double[width];
        for (int i = 0; i < training.features().count(); i++) {
            mean[i % width] += training.features().get(i) / training.size();
        }
        for (int i = 0; i < training.features().count(); i++) {
            double distance = training.features().get(i) - mean[i % width];
            squares[i % width] += distance * distance / training.size();
        }
        for (int feature = 0; feature < width; feature++) {
            double deviation = Math.sqrt(squares[feature]);
            // The mean of equal numbers may be off by rounding; what is left then is no deviation.
            squares[feature] = deviation > 1e-12 * Math.abs(mean[feature]) ? deviation : 1;
        }
        return new Scaling(Array.of(one(training), mean), Array.of(one(training), squares));
    }

    /// To the range from 0 to 1 over these examples. A feature that never changes becomes 0.
    public static Scaling toUnitRange(Examples training) {
        int width = width(training);
        double[] low = new double[width];
        double[] spread = new double[width];
        for (int feature = 0; feature < width; feature++) {
            low[feature] = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int i = feature; i < training.features().count(); i += width) {
                low[feature] = Math.min(low[feature], training.features().get(i));
                high = Math.max(high, training.features().get(i));
            }
            spread[feature] = high == low[feature] ? 1 : high - low[feature];
        }
        return new Scaling(Array.of(one(training), low), Array.of(one(training), spread));
    }

    /// The examples in the new units, as `float32` (or `float64` where the features are).
    ///
    /// @throws GradusException when their features have another shape
    public Examples apply(Examples examples) {
        Array features = examples.features();
        if (!one(examples).equals(center.shape())) {
            throw new GradusException(
                    "scaling-shape",
                    "The scaling is for features " + center.shape() + ", but the examples have " + one(examples)
                            + ". Fit it to examples of the same kind.");
        }
        Type type = features.type().type() == Type.FLOAT64 ? Type.FLOAT64 : Type.FLOAT32;
        Array scaled = Array.zeros(features.type().with(type));
        int width = center.count();
        for (int i = 0; i < scaled.count(); i++) {
            scaled.set(i, (features.get(i) - center.get(i % width)) / spread.get(i % width));
        }
        return examples.withFeatures(scaled);
    }

    private static Shape one(Examples examples) {
        Shape shape = examples.features().shape();
        return shape.part(1, shape.rank());
    }

    private static int width(Examples training) {
        if (training.size() == 0) {
            throw new GradusException(
                    "examples-none",
                    "A scaling is fitted to examples, but there are none. Is the training part of the split empty?");
        }
        return one(training).count();
    }
}
