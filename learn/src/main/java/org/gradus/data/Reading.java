package org.gradus.data;

import java.util.HashSet;
import java.util.List;
import org.gradus.base.GradusException;

/// How files of data are to be read, where they leave a choice.
///
/// @param labels the columns of a CSV file that should be predicted; several are numbers. Empty: the one called `label`, else
///     `target`, else `class`, in any case of letters, else the last
/// @param target whether labels are classes or numbers
/// @param classes the names of the classes, in the order of their numbers. Empty: those that the files have, see
///     [DataFiles]
/// @param columns the columns of a CSV file that are features, in this order. Empty: all but the label
/// @param channels of pictures, 1 for gray or 3 for colours. 0: as the first picture has
/// @param height of pictures, in pixels, to which all are resized. 0: that of the first, which all must have
/// @param width of pictures, in pixels, to which all are resized. 0: that of the first, which all must have
/// @param window the length of the pieces that a text is cut into, 0: 64; or the rows of a CSV file, which then are a time
///     series, 0: each row is an example
/// @param stream whether images, rows and texts stay in their files and are read from there batch by batch, so that there
///     may be more than fit into memory. Packed files are unpacked into temporary ones
/// @param weights the column of a CSV file that says how much each row counts in a loss; empty for alike
/// @param ahead how many rows after a window of a time series the label stands
public record Reading(
        List<String> labels,
        Target target,
        List<String> classes,
        List<String> columns,
        int channels,
        int height,
        int width,
        int window,
        boolean stream,
        String weights,
        int ahead) {
    /// What the labels of a CSV file are.
    public enum Target {
        /// Classes, when none has a fraction and some are no numbers, or all are whole numbers and at most 20 different
        /// ones; else numbers.
        AUTOMATIC,
        /// Names or numbers of classes.
        CLASSES,
        /// Numbers to predict.
        NUMBERS
    }

    /// As the files suggest.
    public static final Reading DEFAULT =
            new Reading(List.of(), Target.AUTOMATIC, List.of(), List.of(), 0, 0, 0, 0, false, "", 1);

    /// @throws GradusException when pictures would get channels, a height or a width that they cannot have, or labels are
    ///     several and classes
    public Reading {
        labels = List.copyOf(labels);
        classes = List.copyOf(classes);
        columns = List.copyOf(columns);
        boolean coloured = channels == 0 || channels == 1 || channels == 3;
        boolean open = height == 0 && width == 0;
        boolean sized = height > 0 && width > 0 && (long) height * width <= Picture.MOST_PIXELS;
        if (!coloured || !(open || sized)) {
            throw new GradusException(
                    "form-size",
                    "Pictures can be read with 1 channel (gray) or 3 (colours), and resized to at most "
                            + Picture.MOST_PIXELS + " pixels, but were asked for with " + channels
                            + " channels, height "
                            + height + " and width " + width + ". Leave 0 what they have themselves.");
        }
        boolean named = target == Target.CLASSES || !classes.isEmpty();
        if ((labels.size() > 1 && named) || new HashSet<>(labels).size() < labels.size()) {
            throw new GradusException(
                    "reading-labels",
                    "Of each example are learnt a class or some numbers, but classes " + classes + " (target " + target
                            + ") were asked for with the labels " + labels
                            + ". Give one column with a class, or columns of numbers, each once.");
        }
        if (window < 0 || ahead < 1) {
            throw new GradusException(
                    "form-size",
                    "A text or a series is cut into windows of 1 or more, with the label 1 or more ahead, but " + window
                            + " and " + ahead + " were given.");
        }
    }

    /// For a model that learnt from inputs of this form, and such classes: the same columns in the same order, pictures
    /// made of the same size and colours, classes with the same numbers.
    public static Reading like(Form form, List<String> classes) {
        Reading reading = DEFAULT.withClasses(classes).withTarget(classes.isEmpty() ? Target.NUMBERS : Target.CLASSES);
        return switch (form) {
            case Form.Image image -> reading.withChannels(image.channels()).withSize(image.height(), image.width());
            case Form.Row row -> reading.withColumns(row.columns());
            case Form.Series series ->
                reading.withColumns(series.columns())
                        .withWindow(series.window())
                        .withAhead(series.ahead());
            case Form.Text text -> reading.withWindow(text.length());
        };
    }

    /// The same with other label columns, none for the usual one.
    public Reading withLabel(String... names) {
        return new Reading(
                List.of(names), target, classes, columns, channels, height, width, window, stream, weights, ahead);
    }

    /// The same with labels of this kind.
    public Reading withTarget(Target changed) {
        return new Reading(labels, changed, classes, columns, channels, height, width, window, stream, weights, ahead);
    }

    /// The same with these classes.
    public Reading withClasses(List<String> changed) {
        return new Reading(labels, target, changed, columns, channels, height, width, window, stream, weights, ahead);
    }

    /// The same with these columns as features.
    public Reading withColumns(List<String> changed) {
        return new Reading(labels, target, classes, changed, channels, height, width, window, stream, weights, ahead);
    }

    /// The same with pictures of so many channels.
    public Reading withChannels(int changed) {
        return new Reading(labels, target, classes, columns, changed, height, width, window, stream, weights, ahead);
    }

    /// The same with pictures resized to this size.
    public Reading withSize(int changedHeight, int changedWidth) {
        return new Reading(
                labels,
                target,
                classes,
                columns,
                channels,
                changedHeight,
                changedWidth,
                window,
                stream,
                weights,
                ahead);
    }

    /// The same with a text cut into pieces of this length.
    public Reading withWindow(int changed) {
        return new Reading(labels, target, classes, columns, channels, height, width, changed, stream, weights, ahead);
    }

    /// The same with what stays in its files.
    public Reading withStream(boolean changed) {
        return new Reading(labels, target, classes, columns, channels, height, width, window, changed, weights, ahead);
    }

    /// The same with the weights of rows in this column, or none.
    public Reading withWeights(String column) {
        return new Reading(labels, target, classes, columns, channels, height, width, window, stream, column, ahead);
    }

    /// The same with labels so many rows after a window.
    public Reading withAhead(int changed) {
        return new Reading(labels, target, classes, columns, channels, height, width, window, stream, weights, changed);
    }
}
