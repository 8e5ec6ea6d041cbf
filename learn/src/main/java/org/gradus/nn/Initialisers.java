package org.gradus.nn;

import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Initial;

/// How parameters start. Each number depends on the session's seed, the parameter's path and its place alone.
///
/// The fans are PyTorch's: a weight `[out, in, …kernel]` has fan in `in · kernel` and fan out `out · kernel`, where
/// `kernel` is the number of its taps. "Normal" is never cut off, as in PyTorch (Keras and JAX cut at two deviations).
public final class Initialisers {
    /// What keeps the size of signals through a rectifier: √2 (He).
    public static final double RELU_GAIN = Math.sqrt(2);

    /// PyTorch's recommendation for tanh: 5/3.
    public static final double TANH_GAIN = 5.0 / 3;

    private static final int MOST_TRIES = 10_000;

    /// Which fan sets the scale: forward signals keep their size with `IN`, gradients with `OUT`.
    public enum Fan {
        IN,
        OUT
    }

    private Initialisers() {}

    /// All the same.
    public static Initial constant(double value) {
        return Initial.constant(value);
    }

    /// Uniform on [low, high).
    public static Initial uniform(double low, double high) {
        return (type, random) -> {
            IntToDoubleFunction draws = random.uniforms(type.type());
            return filled(type, i -> low + (high - low) * draws.applyAsDouble(i));
        };
    }

    /// Normal with this mean and standard deviation.
    public static Initial normal(double mean, double deviation) {
        return (type, random) -> {
            IntToDoubleFunction draws = random.normals(type.type());
            return filled(type, i -> mean + deviation * draws.applyAsDouble(i));
        };
    }

    /// Normal with this mean and standard deviation, of what falls within two deviations of the mean.
    public static Initial truncatedNormal(double mean, double deviation) {
        return truncatedNormal(mean, deviation, mean - 2 * deviation, mean + 2 * deviation);
    }

    /// Normal with this mean and standard deviation, of what falls within [low, high]. The deviation of what is left is
    /// smaller.
    ///
    /// @throws GradusException while it draws, when hardly anything falls there
    public static Initial truncatedNormal(double mean, double deviation, double low, double high) {
        return (type, random) -> {
            long stride = (type.shape().count() + 1L) & ~1L; // draws come in pairs
            return filled(type, i -> {
                for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
                    double value = mean + deviation * random.normal(type.type(), i + attempt * stride);
                    if (value >= low && value <= high) {
                        return value;
                    }
                }
                throw new GradusException(
                        "truncated-normal",
                        "Of the normal distribution with mean " + mean + " and deviation " + deviation
                                + " hardly anything falls within [" + low + ", " + high + "]. Widen the range.");
            });
        };
    }

    /// Uniform on ±gain·√(6 / (fan in + fan out)). X. Glorot, Y. Bengio, *Understanding the difficulty of training deep
    /// feedforward neural networks*, 2010. Caffe's "xavier" is `heUniform(Fan.IN, 1)`.
    public static Initial xavierUniform(double gain) {
        return (type, random) -> {
            double bound = gain * Math.sqrt(6.0 / (fan(type.shape(), Fan.IN) + fan(type.shape(), Fan.OUT)));
            return uniform(-bound, bound).values(type, random);
        };
    }

    /// Normal with deviation gain·√(2 / (fan in + fan out)); see [#xavierUniform].
    public static Initial xavierNormal(double gain) {
        return (type, random) -> {
            double deviation = gain * Math.sqrt(2.0 / (fan(type.shape(), Fan.IN) + fan(type.shape(), Fan.OUT)));
            return normal(0, deviation).values(type, random);
        };
    }

    /// Uniform on ±gain·√(3 / fan), PyTorch's `kaiming_uniform`. K. He et al., *Delving Deep into Rectifiers*, 2015.
    ///
    /// @param gain [#RELU_GAIN] for layers before a rectifier
    public static Initial heUniform(Fan fan, double gain) {
        return (type, random) -> {
            double bound = gain * Math.sqrt(3.0 / fan(type.shape(), fan));
            return uniform(-bound, bound).values(type, random);
        };
    }

    /// Normal with deviation gain / √fan, PyTorch's `kaiming_normal`; see [#heUniform].
    public static Initial heNormal(Fan fan, double gain) {
        return (type, random) ->
                normal(0, gain / Math.sqrt(fan(type.shape(), fan))).values(type, random);
    }

    /// Uniform on ±√(3 / fan in). Y. LeCun et al., *Efficient BackProp*, 1998.
    public static Initial lecunUniform() {
        return heUniform(Fan.IN, 1);
    }

    /// Normal with deviation 1 / √fan in; see [#lecunUniform].
    public static Initial lecunNormal() {
        return heNormal(Fan.IN, 1);
    }

    /// Uniform on ±1/√fan: what PyTorch starts the weights and biases of its linear and convolutional layers with.
    ///
    /// @param fan the number of inputs that one output sums
    public static Initial torch(int fan) {
        double bound = 1 / Math.sqrt(Math.max(fan, 1));
        return uniform(-bound, bound);
    }

    /// A weight that passes inputs on: 1 where the output has the input's number, at the middle of the kernel (PyTorch's
    /// `eye` and `dirac`).
    ///
    /// @throws GradusException while it makes it, for a shape with fewer than two axes
    public static Initial identity() {
        return (type, random) -> {
            atLeastTwoAxes(type.shape());
            Shape kernel = type.shape().part(2, type.shape().rank());
            int middle = 0;
            for (int axis = 0; axis < kernel.rank(); axis++) {
                middle += kernel.size(axis) / 2 * kernel.strides()[axis];
            }
            int in = type.shape().size(1);
            int at = middle;
            return filled(type, i -> {
                int pair = i / kernel.count();
                return i % kernel.count() == at && pair / in == pair % in ? 1 : 0;
            });
        };
    }

    /// Normal with mean 0 and this deviation, but for a share of 0s in each column. J. Martens, *Deep learning via
    /// Hessian-free optimization*, 2010.
    ///
    /// @param sparsity the share, from 0 to 1
    /// @throws GradusException while it draws, for a shape that has not two axes
    public static Initial sparse(double sparsity, double deviation) {
        return (type, random) -> {
            atLeastTwoAxes(type.shape());
            int rows = type.shape().size(0);
            int columns = rows == 0 ? 0 : type.shape().count() / rows;
            int zeros = (int) Math.ceil(sparsity * rows);
            long behind = (type.shape().count() + 1L) & ~1L;
            Array array = normal(0, deviation).values(type, random);
            for (int column = 0; column < columns; column++) {
                int at = column;
                IntStream.range(0, rows)
                        .mapToObj(row -> row * columns + at)
                        .sorted(Comparator.comparingDouble(place -> random.uniform(type.type(), behind + place)))
                        .limit(zeros)
                        .forEach(place -> array.set(place, 0));
            }
            return array;
        };
    }

    /// A weight whose rows (or columns, if those are fewer) are perpendicular, of length `gain`; a kernel counts as
    /// `[out, in · taps]`. A. Saxe et al., *Exact solutions to the nonlinear dynamics of learning*, 2013.
    ///
    /// @throws GradusException while it draws, for a shape with fewer than two axes
    public static Initial orthogonal(double gain) {
        return (type, random) -> {
            atLeastTwoAxes(type.shape());
            int rows = type.shape().size(0);
            int columns = rows == 0 ? 0 : type.shape().count() / rows;
            boolean wide = rows <= columns;
            double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
            for (int i = 0; i < vectors.length; i++) {
                for (int j = 0; j < vectors[i].length; j++) {
                    vectors[i][j] = random.normal(type.type(), (long) i * vectors[i].length + j);
                }
                orthonormalize(vectors, i);
            }
            return filled(type, at -> {
                int row = at / columns;
                int column = at % columns;
                return gain * (wide ? vectors[row][column] : vectors[column][row]);
            });
        };
    }

    /// The number of inputs that one output sums, or of outputs that one input reaches.
    ///
    /// @throws GradusException for a shape with fewer than two axes
    public static int fan(Shape weight, Fan fan) {
        atLeastTwoAxes(weight);
        int taps = weight.part(2, weight.rank()).count();
        return weight.size(fan == Fan.IN ? 1 : 0) * taps;
    }

    private static void atLeastTwoAxes(Shape weight) {
        if (weight.rank() < 2) {
            throw new GradusException(
                    "fan-axes",
                    "This initialiser goes by the inputs and outputs of a weight [out, in, …], but the parameter is "
                            + weight + ". Use constant, uniform or normal for a bias.");
        }
    }

    /// Makes vector `i` perpendicular to those before it and 1 long (Gram and Schmidt; twice is exact enough).
    private static void orthonormalize(double[][] vectors, int i) {
        double[] vector = vectors[i];
        for (int pass = 0; pass < 2; pass++) {
            for (int other = 0; other < i; other++) {
                add(vector, -dot(vector, vectors[other]), vectors[other]);
            }
        }
        double length = Math.sqrt(dot(vector, vector));
        for (int j = 0; j < vector.length; j++) {
            vector[j] /= length;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * what[j];
        }
    }

    private static Array filled(TensorType type, IntToDoubleFunction element) {
        Array array = Array.zeros(type);
        array.setAll(element);
        return array;
    }
}
