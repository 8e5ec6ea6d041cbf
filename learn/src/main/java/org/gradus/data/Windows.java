package org.gradus.data;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;

/// Sequences that are cut out of a longer one, such as a text or a time series, at regular distances. What is left at its
/// end is not used.
public final class Windows {
    private Windows() {}

    /// To learn what comes next at each place: features are `length` elements, labels the same shifted by one.
    ///
    /// @param series `[time, …]`, such as the numbers of characters `int64[time]`
    /// @param stride from the beginning of one to that of the next
    /// @param classes the names of the numbers, empty when they are no classes
    /// @return features and labels `[windows, length, …]`
    /// @throws GradusException when the series is too short for one window, or a number is not positive
    public static Examples ofNext(Array series, int length, int stride, List<String> classes) {
        int count = count(series, length, stride, 1);
        return new Examples(cut(series, 0, length, stride, count), cut(series, 1, length, stride, count), classes);
    }

    /// To forecast: features are `length` elements of a series, the label is what another has `ahead` after the last of
    /// them.
    ///
    /// @param series what is known, `[time, …]`
    /// @param targets what is forecast, `[time, …]`; may be the same
    /// @param stride from the beginning of one to that of the next
    /// @return features `[windows, length, …]`, labels `[windows, …]`; numbers `[windows, 1]` where there is one each
    /// @throws GradusException when the series are too short for one window or differ in length, or a number is not positive
    public static Examples forecasting(Array series, Array targets, int length, int stride, int ahead) {
        int count = count(series, length, stride, ahead);
        if (targets.shape().rank() == 0
                || targets.shape().size(0) != series.shape().size(0)) {
            throw new GradusException(
                    "window-size",
                    "What is known is " + series.type() + " and what is forecast " + targets.type()
                            + ", but both have one element for each time. Give as many.");
        }
        Array labels = cut(targets, length + ahead - 1, 1, stride, count);
        Shape shape = targets.shape().with(0, count);
        return new Examples(
                cut(series, 0, length, stride, count),
                labels.reshaped(shape.rank() == 1 && !targets.type().type().isInteger() ? Shape.of(count, 1) : shape),
                List.of());
    }

    /// How many windows there are with so many elements after each.
    private static int count(Array series, int length, int stride, int after) {
        int time = series.shape().rank() == 0 ? 0 : series.shape().size(0);
        if (length < 1 || stride < 1 || after < 1 || time < (long) length + after) {
            throw new GradusException(
                    "window-size",
                    "Windows of " + length + " elements, " + stride + " apart, with " + after
                            + " more after each, were asked of a series of " + time
                            + ". All three are at least 1, and the series has room for one window.");
        }
        return (time - length - after) / stride + 1;
    }

    private static Array cut(Array series, int from, int length, int stride, int count) {
        int each = series.count() / series.shape().size(0);
        Shape rest = series.shape().part(1, series.shape().rank());
        Array cut = Array.zeros(series.type().with(Shape.of(count, length).joined(rest)));
        for (int i = 0; i < count; i++) {
            System.arraycopy(
                    series.storage(), (from + i * stride) * each, cut.storage(), i * length * each, length * each);
        }
        return cut;
    }
}
