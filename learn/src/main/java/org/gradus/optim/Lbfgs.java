package org.gradus.optim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Quasi-Newton minimisation of a smooth function of a few thousand numbers, for whole batches: the gradient is
/// multiplied by an estimate of the inverse Hessian that rests on the last few steps. J. Nocedal, *Updating Quasi-Newton
/// Matrices with Limited Storage*, 1980. In the form, and with the defaults, of PyTorch's `LBFGS`.
///
/// It asks for the function several times in a step, so it is no [Rule]: it works on plain numbers, which the caller
/// moves to and from a session. This record is the description; [#start] gives the thing with a memory.
///
/// @param learningRate what a step is multiplied by; the first step that the line search tries
/// @param iterations the most steps in one call of [Search#step]
/// @param evaluations the most times that the function is asked for in it, beyond which no further step begins
/// @param gradientTolerance it is done when no partial derivative is larger
/// @param changeTolerance it is done when neither a number nor the function changes by more
/// @param history how many steps the estimate rests on
/// @param strongWolfe whether each step is searched for by the strong Wolfe conditions, else it has the learning rate's
///     length
public record Lbfgs(
        double learningRate,
        int iterations,
        int evaluations,
        double gradientTolerance,
        double changeTolerance,
        int history,
        boolean strongWolfe) {
    private static final double LEAST_CURVATURE = 1e-10;

    /// With these numbers and a line search, PyTorch's tolerances, and 5/4 evaluations for each iteration.
    public static Lbfgs of(double learningRate, int iterations, int history) {
        return new Lbfgs(learningRate, iterations, iterations * 5 / 4, 1e-7, 1e-9, history, true);
    }

    /// This, without a line search.
    public Lbfgs withoutSearch() {
        return new Lbfgs(learningRate, iterations, evaluations, gradientTolerance, changeTolerance, history, false);
    }

    /// @throws org.gradus.base.GradusException when a number is out of its range
    public Lbfgs {
        Numbers.demand(learningRate > 0, "A learning rate is above 0", learningRate);
        Numbers.demand(iterations >= 1, "There is at least 1 iteration", iterations);
        Numbers.demand(history >= 1, "The history has at least 1 step", history);
    }

    /// A function with its gradient.
    @FunctionalInterface
    public interface Objective {
        /// The value at a point.
        ///
        /// @param gradient where the partial derivatives are written to
        double at(double[] point, double[] gradient);
    }

    /// A search that has not begun.
    public Search start() {
        return new Search(this);
    }

    /// A search that goes on: what it remembers of the steps before.
    public static final class Search {
        private final Lbfgs rule;
        private final Deque<Pair> pairs = new ArrayDeque<>();
        private double[] direction = {};
        private double[] before = {}; // the gradient that the last direction was made from
        private double length;
        private double scale = 1; // of the first estimate of the inverse Hessian
        private boolean begun;

        /// A step s, the change y of the gradient over it, and 1 / (s · y).
        private static final class Pair {
            final double[] step;
            final double[] change;
            final double inverse;

            Pair(double[] step, double[] change, double inverse) {
                this.step = step;
                this.change = change;
                this.inverse = inverse;
            }
        }

        private Search(Lbfgs rule) {
            this.rule = rule;
        }

        /// Moves a point to where the function is smaller, in some iterations.
        ///
        /// @param point changed in place
        /// @return the value before
        public double step(double[] point, Objective function) {
            double[] gradient = new double[point.length];
            double first = function.at(point, gradient);
            double value = first;
            int asked = 1;
            boolean done = largest(gradient) <= rule.gradientTolerance;
            for (int iteration = 1; iteration <= rule.iterations && !done; iteration++) {
                direct(gradient);
                double slope = dot(gradient, direction);
                if (slope > -rule.changeTolerance) {
                    break;
                }
                double last = value;
                if (rule.strongWolfe) {
                    StrongWolfe line = new StrongWolfe(function, point, direction);
                    StrongWolfe.Point found = line.search(length, value, gradient, slope);
                    length = found.length;
                    value = found.value;
                    gradient = found.gradient;
                    asked += line.asked();
                    add(point, direction, length);
                } else {
                    add(point, direction, length);
                    if (iteration < rule.iterations) {
                        gradient = new double[point.length];
                        value = function.at(point, gradient);
                        asked++;
                    }
                }
                done = asked >= rule.evaluations
                        || largest(gradient) <= rule.gradientTolerance
                        || largest(direction) * length <= rule.changeTolerance
                        || Math.abs(value - last) < rule.changeTolerance;
            }
            return first;
        }

        /// Makes the next direction and the length to try.
        private void direct(double[] gradient) {
            if (begun) {
                remember(gradient);
                direction = newton(gradient);
                length = rule.learningRate;
            } else {
                direction = times(gradient, -1);
                double sum = 0;
                for (double g : gradient) {
                    sum += Math.abs(g);
                }
                length = Math.min(1, 1 / sum) * rule.learningRate;
                begun = true;
            }
            before = gradient.clone();
        }

        private void remember(double[] gradient) {
            double[] change = gradient.clone();
            add(change, before, -1);
            double[] step = times(direction, length);
            double curvature = dot(change, step);
            if (curvature > LEAST_CURVATURE) {
                if (pairs.size() == rule.history) {
                    pairs.removeFirst();
                }
                pairs.addLast(new Pair(step, change, 1 / curvature));
                scale = curvature / dot(change, change);
            }
        }

        /// Minus the estimated inverse Hessian times the gradient, by the two-loop recursion.
        private double[] newton(double[] gradient) {
            double[] result = times(gradient, -1);
            List<Pair> all = new ArrayList<>(pairs);
            double[] shares = new double[all.size()];
            for (int i = all.size() - 1; i >= 0; i--) {
                Pair pair = all.get(i);
                shares[i] = dot(pair.step, result) * pair.inverse;
                add(result, pair.change, -shares[i]);
            }
            result = times(result, scale);
            for (int i = 0; i < all.size(); i++) {
                Pair pair = all.get(i);
                add(result, pair.step, shares[i] - dot(pair.change, result) * pair.inverse);
            }
            return result;
        }
    }

    /// a ← a + factor·b.
    static void add(double[] a, double[] b, double factor) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }

    static double[] times(double[] a, double factor) {
        double[] product = a.clone();
        for (int i = 0; i < a.length; i++) {
            product[i] *= factor;
        }
        return product;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// The largest absolute value.
    static double largest(double[] a) {
        double most = 0;
        for (double value : a) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }
}
