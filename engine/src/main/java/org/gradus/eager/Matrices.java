package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Library;

/// Decompositions of square matrices, in `double`, one matrix of the batch after the other.
final class Matrices {
    private Matrices() {}

    static List<Array> run(Library op, List<Array> inputs, List<TensorType> outputs) {
        Array first = inputs.get(0);
        Shape shape = first.shape();
        Shape batch = shape.part(0, shape.rank() - 2);
        int n = shape.size(-1);
        double[] a = Numbers.doubles(first);
        double[] y = new double[outputs.get(0).shape().count()];
        switch (op) {
            case Library.Cholesky _ -> {
                for (int i = 0; i < batch.count(); i++) {
                    cholesky(a, i * n * n, n, y, batch, i);
                }
            }
            case Library.Solve _ -> {
                double[] b = Numbers.doubles(inputs.get(1));
                for (int i = 0; i < batch.count(); i++) {
                    solve(rows(a, b, i, n, outputs.get(0).shape().size(-1)), y, batch, i);
                }
            }
            case Library.SignLogDet _ -> {
                double[] logs = new double[y.length];
                for (int i = 0; i < y.length; i++) {
                    double[][] rows = rows(a, new double[0], i, n, 0);
                    y[i] = eliminate(rows);
                    for (int k = 0; k < n; k++) {
                        y[i] = rows[k][k] == 0 ? 0 : y[i] * Math.signum(rows[k][k]);
                        logs[i] += StrictMath.log(Math.abs(rows[k][k]));
                    }
                }
                return List.of(Numbers.array(outputs.get(0), y), Numbers.array(outputs.get(1), logs));
            }
            case Library.Sort _ -> throw new IllegalArgumentException("Sorting is done by Sorting.");
        }
        return List.of(Numbers.array(outputs.get(0), y));
    }

    private static void cholesky(double[] a, int at, int n, double[] l, Shape batch, int index) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double rest = (a[at + i * n + j] + a[at + j * n + i]) / 2;
                for (int k = 0; k < j; k++) {
                    rest -= l[at + i * n + k] * l[at + j * n + k];
                }
                if (i == j && !(rest > 0)) {
                    throw new GradusException(
                            "not-positive-definite",
                            "cholesky: " + named(batch, index) + " is not positive definite: pivot " + i + " (of " + n
                                    + ", counted from 0) is " + rest
                                    + " and should be above 0. Is it symmetric? A small multiple of the identity added"
                                    + " to it helps against rounding.");
                }
                l[at + i * n + j] = i == j ? Math.sqrt(rest) : rest / l[at + j * n + j];
            }
        }
    }

    private static void solve(double[][] rows, double[] x, Shape batch, int index) {
        int n = rows.length;
        eliminate(rows);
        for (int i = 0; i < n; i++) {
            if (rows[i][i] == 0) {
                throw new GradusException(
                        "singular",
                        "solve: " + named(batch, index) + " is singular: pivot " + i + " (of " + n
                                + ", counted from 0) is 0, so there is no solution or more than one. Look for rows that"
                                + " depend on each other.");
            }
        }
        int width = n == 0 ? 0 : rows[0].length - n;
        int at = index * n * width;
        for (int column = 0; column < width; column++) {
            for (int i = n - 1; i >= 0; i--) {
                double rest = rows[i][n + column];
                for (int k = i + 1; k < n; k++) {
                    rest -= rows[i][k] * x[at + k * width + column];
                }
                x[at + i * width + column] = rest / rows[i][i];
            }
        }
    }

    /// The rows `[A | B]` of one matrix of the batch; `B` has `width` columns.
    private static double[][] rows(double[] a, double[] b, int index, int n, int width) {
        double[][] rows = new double[n][n + width];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, (index * n + i) * n, rows[i], 0, n);
            System.arraycopy(b, (index * n + i) * width, rows[i], n, width);
        }
        return rows;
    }

    /// Makes everything below the diagonal 0, by Gauss' elimination with row pivots.
    ///
    /// @return the sign of the row exchanges
    private static int eliminate(double[][] rows) {
        int sign = 1;
        for (int k = 0; k < rows.length; k++) {
            int pivot = k;
            for (int i = k + 1; i < rows.length; i++) {
                pivot = Math.abs(rows[i][k]) > Math.abs(rows[pivot][k]) ? i : pivot;
            }
            double[] row = rows[pivot];
            rows[pivot] = rows[k];
            rows[k] = row;
            sign = pivot == k ? sign : -sign;
            for (int i = k + 1; i < rows.length && row[k] != 0; i++) {
                double factor = rows[i][k] / row[k];
                for (int j = k; j < row.length; j++) {
                    rows[i][j] -= factor * row[j];
                }
            }
        }
        return sign;
    }

    private static String named(Shape batch, int index) {
        return batch.rank() == 0 ? "the matrix" : "the matrix " + Places.index(batch, index) + " of the batch " + batch;
    }
}
