package org.gradus.optim;

/// A line search for a step that is long enough and makes the function small enough: the strong Wolfe conditions
/// f(x + t·d) ≤ f(x) + c₁·t·f'(x) and |f'(x + t·d)| ≤ c₂·|f'(x)|, where f' is the slope along the direction d.
///
/// First the step grows until two points bracket such a step, then the bracket shrinks. New lengths come from cubic
/// interpolation. J. Nocedal, S. Wright, *Numerical Optimization*, section 3.5; in PyTorch's form.
final class StrongWolfe {
    private static final double C1 = 1e-4;
    private static final double C2 = 0.9;
    private static final double LEAST_CHANGE = 1e-9;
    private static final int MOST = 25; // new lengths

    private final Lbfgs.Objective function;
    private final double[] start;
    private final double[] direction;
    private int asked;

    /// What the function is at a length.
    static final class Point {
        final double length;
        final double value;
        final double[] gradient;
        final double slope;

        Point(double length, double value, double[] gradient, double slope) {
            this.length = length;
            this.value = value;
            this.gradient = gradient;
            this.slope = slope;
        }
    }

    StrongWolfe(Lbfgs.Objective function, double[] start, double[] direction) {
        this.function = function;
        this.start = start;
        this.direction = direction;
    }

    /// @param length that is tried first
    /// @param value at the start
    /// @param gradient at the start
    /// @param slope at the start, negative
    Point search(double length, double value, double[] gradient, double slope) {
        Point origin = new Point(0, value, gradient.clone(), slope);
        Point previous = origin;
        Point now = at(length);
        Point end = origin;
        int tried = 0;
        while (tried < MOST) {
            if (isHigh(now, origin) || (tried > 1 && now.value >= previous.value)) {
                end = previous;
                break;
            }
            if (isFlat(now, origin)) {
                return now;
            }
            if (now.slope >= 0) {
                end = previous;
                break;
            }
            double next = cubic(previous, now, now.length + 0.01 * (now.length - previous.length), now.length * 10);
            previous = now;
            now = at(next);
            tried++;
        }
        return shrink(end, now, origin, tried);
    }

    /// The lower end of a bracket that is shrunk until one satisfies the conditions.
    private Point shrink(Point a, Point b, Point origin, int triedBefore) {
        Point low = a.value <= b.value ? a : b;
        Point high = low == a ? b : a;
        boolean stuck = false;
        for (int tried = triedBefore; tried < MOST; tried++) {
            double left = Math.min(low.length, high.length);
            double right = Math.max(low.length, high.length);
            if ((right - left) * Lbfgs.largest(direction) < LEAST_CHANGE) {
                break;
            }
            double length = cubic(low, high, left, right);
            double margin = 0.1 * (right - left);
            if (Math.min(right - length, length - left) < margin) {
                // Twice near an end, or on it: away from it.
                if (stuck || length >= right || length <= left) {
                    length = Math.abs(length - right) < Math.abs(length - left) ? right - margin : left + margin;
                    stuck = false;
                } else {
                    stuck = true;
                }
            } else {
                stuck = false;
            }
            Point now = at(length);
            if (isHigh(now, origin) || now.value >= low.value) {
                high = now;
                if (high.value < low.value) {
                    high = low;
                    low = now;
                }
            } else {
                if (isFlat(now, origin)) {
                    return now;
                }
                if (now.slope * (high.length - low.length) >= 0) {
                    high = low;
                }
                low = now;
            }
        }
        return low;
    }

    private Point at(double length) {
        double[] point = start.clone();
        Lbfgs.add(point, direction, length);
        double[] gradient = new double[point.length];
        double value = function.at(point, gradient);
        asked++;
        return new Point(length, value, gradient, Lbfgs.dot(gradient, direction));
    }

    private static boolean isHigh(Point now, Point origin) {
        return now.value > origin.value + C1 * now.length * origin.slope;
    }

    private static boolean isFlat(Point now, Point origin) {
        return Math.abs(now.slope) <= -C2 * origin.slope;
    }

    /// How often the function was asked for.
    int asked() {
        return asked;
    }

    /// The minimum of the cubic through two points with their slopes, moved into bounds; their middle when there is
    /// none.
    private static double cubic(Point a, Point b, double least, double most) {
        Point left = a.length <= b.length ? a : b;
        Point right = left == a ? b : a;
        double d1 = left.slope + right.slope - 3 * (left.value - right.value) / (left.length - right.length);
        double square = d1 * d1 - left.slope * right.slope;
        if (!(square >= 0)) {
            return (least + most) / 2;
        }
        double d2 = Math.sqrt(square);
        double lowest = right.length
                - (right.length - left.length) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
        return Math.min(Math.max(lowest, least), most);
    }
}
