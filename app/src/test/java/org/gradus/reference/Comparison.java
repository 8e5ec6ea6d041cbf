package org.gradus.reference;

import java.util.function.IntToDoubleFunction;
import org.gradus.base.Array;

/// Two arrays that should be equal: integers and truth values exactly; floats to a relative error of 1e-9, where NaN
/// meets NaN, an infinity meets the same one, and a zero meets a zero. There is no general absolute tolerance.
final class Comparison {
    static final double RELATIVE = 1e-9;

    private Comparison() {}

    /// Throws unless they are.
    ///
    /// @param what is compared, for the message
    static void equal(String what, Array expected, Array actual) {
        equal(what, expected, actual, _ -> 0);
    }

    /// Throws unless they are.
    ///
    /// @param what is compared, for the message
    /// @param allowed the absolute error that the expected element at a place has itself
    static void equal(String what, Array expected, Array actual, IntToDoubleFunction allowed) {
        if (!expected.type().equals(actual.type())) {
            throw new AssertionError(what + " is " + actual.type() + ", but should be " + expected.type() + ".");
        }
        boolean exact = !expected.type().type().isFloating();
        int wrong = 0;
        int worst = -1;
        double most = -1;
        for (int i = 0; i < expected.count(); i++) {
            double error = error(expected.get(i), actual.get(i));
            boolean close = error <= RELATIVE || Math.abs(expected.get(i) - actual.get(i)) <= allowed.applyAsDouble(i);
            if (exact ? expected.getLong(i) != actual.getLong(i) : !close) {
                wrong++;
                if (error > most) {
                    most = error;
                    worst = i;
                }
            }
        }
        if (wrong > 0) {
            throw new AssertionError(what + ": " + wrong + " of " + expected.count() + " elements differ; at " + worst
                    + " it is " + actual.get(worst) + ", but should be " + expected.get(worst) + " (relative error "
                    + most
                    + ").");
        }
    }

    /// The relative error; infinite where only one of them is NaN, or an infinity differs.
    static double error(double expected, double actual) {
        if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
            return 0;
        }
        double error = Math.abs(expected - actual) / Math.max(Math.abs(expected), Math.abs(actual));
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
