package org.gradus.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.gradus.graph.Tensor;

/// The derivatives of a function held against central differences, `(f(x + h) - f(x - h)) / 2h`, in both modes and for
/// every element of every argument.
///
/// The step is `h = ∛ε · max(1, |x|)`, where rounding and curvature err about equally, so a right derivative of a smooth
/// function agrees to about 1e-9 of its scale; a wrong one differs in the first digits.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 6.2 and 7.1.
///
/// @param entries one for each argument
public record GradientCheck(List<Entry> entries) {
    private static final double STEP = Math.cbrt(Math.ulp(1.0));

    /// The worst element of one argument.
    ///
    /// @param argument its position
    /// @param error the largest difference between derivative and central difference, in either mode, relative to the
    ///     largest partial derivative of that argument (or to 1, when that is smaller)
    /// @param position the row-major position of the element with that error
    /// @param derivative the partial derivative there
    /// @param difference the central difference there
    public record Entry(int argument, double error, int position, double derivative, double difference) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "argument %d: relative error %.2e (element %d: derivative %.10g, central difference %.10g)",
                    argument,
                    error,
                    position,
                    derivative,
                    difference);
        }
    }

    /// Checks a function of one tensor.
    public static GradientCheck of(Function<Tensor, Tensor> f, Tensor at) {
        return of(xs -> f.apply(xs.get(0)), List.of(at));
    }

    /// Checks a function of several tensors, which must be `float64`; its result may have any number of elements.
    ///
    /// @throws GradusException when an argument is not `float64`: differences of `float32` prove nothing
    public static GradientCheck of(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
        List<Entry> entries = new ArrayList<>();
        for (int argument = 0; argument < at.size(); argument++) {
            Tensor x = at.get(argument);
            if (x.type().type() != Type.FLOAT64) {
                throw new GradusException(
                        "check-type",
                        "Gradients are checked in float64, but argument " + argument + " is " + x.type()
                                + ". Cast it with `x.to(Type.FLOAT64)`.");
            }
            entries.add(entry(f, at, argument));
        }
        return new GradientCheck(entries);
    }

    /// The largest relative error of all.
    public double error() {
        return entries.stream().mapToDouble(Entry::error).max().orElse(0);
    }

    /// Throws unless every relative error is at most `tolerance`.
    ///
    /// @throws GradusException naming the argument and element
    public void demand(double tolerance) {
        if (!(error() <= tolerance)) {
            throw new GradusException(
                    "gradient-wrong",
                    "The derivative differs from central differences by more than " + tolerance + ": " + this
                            + ". Is a rule wrong, or is there a kink at this point?");
        }
    }

    @Override
    public String toString() {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("; "));
    }

    private static Entry entry(Function<List<Tensor>, Tensor> f, List<Tensor> at, int argument) {
        Tensor x = at.get(argument);
        int columns = x.shape().count();
        double[] point = x.array().toDoubles();
        double[][] difference = new double[columns][];
        for (int i = 0; i < columns; i++) {
            double step = STEP * Math.max(1, Math.abs(point[i]));
            double above = point[i] + step;
            double below = point[i] - step;
            double[] high = value(f, at, argument, i, above);
            double[] low = value(f, at, argument, i, below);
            difference[i] = new double[high.length];
            for (int row = 0; row < high.length; row++) {
                difference[i][row] = (high[row] - low[row]) / (above - below);
            }
        }
        int rows = columns == 0 ? 0 : difference[0].length;
        double[][] forward = new double[columns][];
        double[][] reverse = new double[rows][];
        Function<Tensor, Tensor> one = moved -> f.apply(replaced(at, argument, moved));
        for (int i = 0; i < columns; i++) {
            forward[i] = Derivatives.jvp(one::apply, x, unit(x, i)).array().toDoubles();
        }
        Tensor y = one.apply(x);
        for (int row = 0; row < rows; row++) {
            reverse[row] = Derivatives.vjp(one::apply, x, unit(y, row)).array().toDoubles();
        }
        return worst(argument, difference, forward, reverse);
    }

    private static Entry worst(int argument, double[][] difference, double[][] forward, double[][] reverse) {
        double scale = 1;
        for (double[] column : difference) {
            for (double value : column) {
                scale = Math.max(scale, Math.abs(value));
            }
        }
        Entry worst = new Entry(argument, 0, 0, 0, 0);
        for (int i = 0; i < difference.length; i++) {
            for (int row = 0; row < difference[i].length; row++) {
                for (double derivative : new double[] {forward[i][row], reverse[row][i]}) {
                    double error = Math.abs(derivative - difference[i][row]) / scale;
                    if (error > worst.error() || (Double.isNaN(error) && !Double.isNaN(worst.error()))) {
                        worst = new Entry(argument, error, i, derivative, difference[i][row]);
                    }
                }
            }
        }
        return worst;
    }

    private static double[] value(
            Function<List<Tensor>, Tensor> f, List<Tensor> at, int argument, int element, double changed) {
        Tensor x = at.get(argument);
        double[] point = x.array().toDoubles();
        point[element] = changed;
        Tensor moved = x.tracer().constant(Array.of(x.shape(), point));
        return f.apply(replaced(at, argument, moved)).array().toDoubles();
    }

    private static List<Tensor> replaced(List<Tensor> at, int argument, Tensor by) {
        List<Tensor> changed = new ArrayList<>(at);
        changed.set(argument, by);
        return changed;
    }

    private static Tensor unit(Tensor like, int element) {
        Array unit = Array.zeros(like.type());
        unit.set(element, 1);
        return like.tracer().constant(unit);
    }
}
