package org.gradus.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.Type;

/// What the input of a model looks like, one example of it. It is kept with a model, so that whoever predicts later
/// reads pictures or rows in the form that was learnt from.
public sealed interface Form {
    /// The shape of one example's features.
    Shape shape();

    /// The type of its numbers.
    default Type type() {
        return Type.FLOAT32;
    }

    /// Whether examples are pieces of something longer, so that parts of a split should not be mixed.
    default boolean inOrder() {
        return false;
    }

    /// The inputs in a file, `[size, …]`: the picture of a PNG or JPEG file, the rows of a CSV file, the end of a text.
    ///
    /// @throws GradusException saying why the file cannot be read, or how what is in it differs from this form
    Array read(Path file);

    /// Hands over the inputs in a file some at a time, where there may be many; else all of them.
    ///
    /// @param most how many rows of a table
    /// @throws GradusException saying why the file cannot be read, or how what is in it differs from this form
    default void read(Path file, int most, Consumer<Array> taker) {
        taker.accept(read(file));
    }

    /// Such as `images of 28x28 gray` or `rows of 2 numbers (area, rooms)`.
    default String inWords() {
        return switch (this) {
            case Image image -> "images of " + image;
            case Row(List<String> columns) -> rows(columns);
            case Series series -> series.window() + " " + rows(series.columns()) + " each";
            case Text text -> "texts of " + text.length() + " characters";
        };
    }

    private static String rows(List<String> columns) {
        return "rows of " + columns.size() + (columns.size() == 1 ? " number (" : " numbers (")
                + CsvFile.listed(columns) + ")";
    }

    /// The files of inputs that a path stands for: the pictures in a folder and in those below it, by name, or the file
    /// itself.
    ///
    /// @throws GradusException when that is a table and a picture is needed, or the other way around
    default List<Path> files(Path path) {
        boolean pictures = this instanceof Image;
        if (pictures && Files.isDirectory(path)) {
            List<Path> found = PictureFolder.picturesBelow(path);
            if (!found.isEmpty()) {
                return found;
            }
        }
        if (pictures ? Files.isDirectory(path) || CsvFile.isOne(path) : Picture.isNamed(path)) {
            throw new GradusException(
                    "data-form",
                    "`" + path + "` is " + (pictures ? "no picture" : "a picture") + ", but the inputs are " + inWords()
                            + ". Give "
                            + switch (this) {
                                case Image _ -> "PNG or JPEG files, or a folder of them.";
                                case Row _, Series _ -> "a CSV file with these columns.";
                                case Text _ -> "a text.";
                            });
        }
        return List.of(path);
    }

    /// An image: `[channels, height, width]`, with values from 0 (black) to 1. One channel is gray, three are red, green
    /// and blue.
    record Image(int channels, int height, int width) implements Form {
        /// @throws GradusException when one of the numbers is less than 1
        public Image {
            if (channels < 1 || height < 1 || width < 1) {
                throw new GradusException(
                        "form-size",
                        "An image has at least 1 channel, row and column, but this one " + channels + ", " + height
                                + " and " + width + ". Give its true size.");
            }
        }

        @Override
        public Shape shape() {
            return Shape.of(channels, height, width);
        }

        /// The picture in a file as `[1, channels, height, width]`, made gray or coloured as this form is.
        ///
        /// @throws GradusException also when the picture has another size
        @Override
        public Array read(Path file) {
            return Picture.read(file, channels).demand(file, height, width).features();
        }

        /// The same for a picture of any size, which is stretched or squeezed to this one.
        ///
        /// @throws GradusException saying why the file cannot be read
        public Array readResized(Path file) {
            return Picture.read(file, channels).resized(height, width).features();
        }

        /// Such as `28x28 gray`: width, height and colour.
        @Override
        public String toString() {
            return width + "x" + height
                    + (channels == 1 ? " gray" : channels == 3 ? " RGB" : ", " + channels + " channels");
        }
    }

    /// A piece of a text: the numbers of its characters, `int64[length]`.
    ///
    /// @param alphabet the characters, by number
    record Text(List<String> alphabet, int length) implements Form {
        /// @throws GradusException when there are no characters, or a piece has none
        public Text {
            alphabet = List.copyOf(alphabet);
            if (alphabet.isEmpty() || length < 1) {
                throw new GradusException(
                        "form-size",
                        "A piece of a text has at least 1 character of an alphabet of at least 1, but this one "
                                + length + " of " + alphabet.size() + ".");
            }
        }

        @Override
        public Shape shape() {
            return Shape.of(length);
        }

        @Override
        public Type type() {
            return Type.INT64;
        }

        @Override
        public boolean inOrder() {
            return true;
        }

        /// The end of the text in a file, `[1, length]`; less where it is shorter.
        @Override
        public Array read(Path file) {
            return TextFile.end(file, alphabet, length);
        }
    }

    /// A piece of a time series: the numbers of these columns in `window` rows, `[window, columns]`, from which what
    /// another column has `ahead` rows later is forecast.
    record Series(List<String> columns, int window, int ahead) implements Form {
        /// @throws GradusException when there are no columns, two have one name, or a number is less than 1
        public Series {
            columns = new Row(columns).columns();
            if (window < 1 || ahead < 1) {
                throw new GradusException(
                        "form-size",
                        "A piece of a series has at least 1 row and is forecast at least 1 row ahead, but this one has "
                                + window + ", " + ahead + " ahead.");
            }
        }

        @Override
        public Shape shape() {
            return Shape.of(window, columns.size());
        }

        @Override
        public boolean inOrder() {
            return true;
        }

        /// The last rows of a CSV file, `[1, window, columns]`.
        @Override
        public Array read(Path file) {
            return CsvFile.end(file, columns, window);
        }

        /// Hands over the pieces that end with each row of a CSV file, `[some, window, columns]`, from the first row that has
        /// enough of them before it.
        ///
        /// @param most how many rows are read at a time
        /// @throws GradusException saying why the file cannot be read, or that it has less than one piece
        public void readEach(Path file, int most, Consumer<Array> taker) {
            int width = columns.size();
            float[][] kept = {new float[0]}; // what the next pieces begin with
            boolean[] any = {false};
            CsvFile.rows(file, columns, most, rows -> {
                float[] all = Arrays.copyOf(kept[0], kept[0].length + rows.count());
                System.arraycopy(rows.storage(), 0, all, kept[0].length, rows.count());
                int count = Math.max(0, all.length / width - window + 1);
                float[] pieces = new float[Math.multiplyExact(count, window * width)];
                for (int i = 0; i < count; i++) {
                    System.arraycopy(all, i * width, pieces, i * window * width, window * width);
                }
                if (count > 0) {
                    any[0] = true;
                    taker.accept(Array.of(Shape.of(count, window, width), pieces));
                }
                kept[0] = Arrays.copyOfRange(all, count * width, all.length);
            });
            if (!any[0]) {
                read(file); // which says what is missing
            }
        }
    }

    /// A row of a table: the numbers of these columns, in this order, `[columns]`.
    record Row(List<String> columns) implements Form {
        /// @throws GradusException when there are no columns, or two have one name
        public Row {
            columns = List.copyOf(columns);
            if (columns.isEmpty() || new HashSet<>(columns).size() < columns.size()) {
                throw new GradusException(
                        "form-size",
                        "A row has at least 1 column, and each has a name of its own, but these are " + columns
                                + ". Name each column once.");
            }
        }

        @Override
        public Shape shape() {
            return Shape.of(columns.size());
        }

        /// The rows of a CSV file as `[rows, columns]`. The columns are found by their names in the first line, in any
        /// order and among others.
        @Override
        public Array read(Path file) {
            return CsvFile.rows(file, columns);
        }

        @Override
        public void read(Path file, int most, Consumer<Array> taker) {
            CsvFile.rows(file, columns, most, taker);
        }
    }
}
