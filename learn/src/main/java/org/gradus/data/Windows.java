package org.gradus.data;

import java.util.List;
import java.util.stream.IntStream;
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
    /// @throws GradusException when the series is too short for one window, a number is not positive, or an element is none of
    ///     the classes
    public static Examples ofNext(Array series, int length, int stride, List<String> classes) {
        Series all = new Series.InMemory(series);
        count(all, length, stride, 1);
        Examples.demandNamed(series, classes);
        return ofNext(all, length, stride, classes);
    }

    static Examples ofNext(Series series, int length, int stride, List<String> classes) {
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
        Series known = new Series.InMemory(series);
        if (targets.shape().rank() == 0 || targets.shape().size(0) != known.size()) {
            throw new GradusException(
                    "window-size",
                    "What is known is " + series.type() + " and what is forecast " + targets.type()
                            + ", but both have one element for each time. Give as many.");
        }
        return forecasting(known, targets, length, stride, ahead, List.of());
    }

    /// @param targets one for each element
    static Examples forecasting(Series series, Array targets, int length, int stride, int ahead, List<String> classes) {
        int count = count(series, length, stride, ahead);
        int first = length + ahead - 1;
        Array labels = Features.Numbers.rows(
                targets, IntStream.range(0, count).map(i -> first + i * stride).toArray());
        boolean single = labels.shape().rank() == 1 && !labels.type().type().isInteger();
        return new Examples(
                cut(series, 0, length, stride, count), single ? labels.reshaped(Shape.of(count, 1)) : labels, classes);
    }

    /// How many windows there are with so many elements after each.
    private static int count(Series series, int length, int stride, int after) {
        long time = series.size();
        if (length < 1 || stride < 1 || after < 1 || time < (long) length + after) {
            throw new GradusException(
                    "window-size",
                    "Windows of " + length + " elements, " + stride + " apart, with " + after
                            + " more after each, were asked of a series of " + time
                            + ". All three are at least 1, and the series has room for one window.");
        }
        long count = (time - length - after) / stride + 1;
        if (count > InputFile.MOST_BYTES) {
            throw new GradusException(
                    "window-size",
                    "A series of " + time + " elements has " + count + " windows, but a data set has at most "
                            + InputFile.MOST_BYTES + " examples. Make them longer, or cut the series in parts.");
        }
        return (int) count;
    }

    private static Features cut(Series series, long from, int length, int stride, int count) {
        return new Features.Windowed(
                series,
                from,
                length,
                stride,
                count,
                Shape.of(length).joined(series.one().shape()));
    }
}
