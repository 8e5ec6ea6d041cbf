package org.gradus.eager;

/// A matrix `[rows, columns]` that begins at a place of a longer row-major array.
final class Matrix {
    final double[] values;
    final int at;
    final int rows;
    final int columns;

    Matrix(double[] values, int at, int rows, int columns) {
        this.values = values;
        this.at = at;
        this.rows = rows;
        this.columns = columns;
    }

    /// A matrix of zeros.
    static Matrix zeros(int rows, int columns) {
        return new Matrix(new double[rows * columns], 0, rows, columns);
    }

    /// A copy with rows and columns exchanged.
    Matrix transposed() {
        Matrix copy = zeros(columns, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                copy.values[column * rows + row] = values[at + row * columns + column];
            }
        }
        return copy;
    }

    /// Adds the product of two others to this one; each element's terms are added in order.
    void add(Matrix left, Matrix right) {
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < left.columns; k++) {
                double factor = left.values[left.at + row * left.columns + k];
                int from = right.at + k * columns;
                int to = at + row * columns;
                for (int column = 0; column < columns; column++) {
                    values[to + column] += factor * right.values[from + column];
                }
            }
        }
    }
}
