package org.gradus.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.gradus.base.Array;
import org.gradus.base.Shape;

/// The data sets that come with the library, small and real.
public final class Datasets {
    private Datasets() {}

    /// 1,797 handwritten digits: features `float32[1797, 64]`, images of 8x8 pixels row by row with values from 0
    /// (paper) to 16 (ink); labels 0 to 9.
    ///
    /// E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning Repository, 1998
    /// (its test images), CC BY 4.0, <https://doi.org/10.24432/C50P49>.
    public static Examples digits() {
        return read(
                "digits.csv.gz",
                IntStream.range(0, 10).mapToObj(String::valueOf).toList());
    }

    /// 150 irises of three species: features `float32[150, 4]`, length and width of sepal and petal in cm.
    ///
    /// R. A. Fisher, *Iris*, UCI Machine Learning Repository, 1936, CC BY 4.0, <https://doi.org/10.24432/C56C76>;
    /// samples 35 and 38 as Fisher's article prints them.
    public static Examples iris() {
        return read("iris.csv.gz", List.of("setosa", "versicolor", "virginica"));
    }

    /// Reads lines of comma-separated features and a class number.
    private static Examples read(String resource, List<String> classes) {
        try (InputStream packed = Datasets.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IllegalStateException("The library's jar lacks " + resource + ".");
            }
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII));
            List<String[]> rows = lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.split(",", -1))
                    .toList();
            int width = rows.get(0).length - 1;
            float[] features = new float[rows.size() * width];
            long[] labels = new long[rows.size()];
            for (int i = 0; i < labels.length; i++) {
                for (int feature = 0; feature < width; feature++) {
                    features[i * width + feature] = Float.parseFloat(rows.get(i)[feature]);
                }
                labels[i] = Long.parseLong(rows.get(i)[width]);
            }
            return new Examples(
                    Array.of(Shape.of(labels.length, width), features),
                    Array.of(Shape.of(labels.length), labels),
                    classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
