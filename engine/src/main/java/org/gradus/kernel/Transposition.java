package org.gradus.kernel;

import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;

/// Copies of matrices with rows and columns swapped, one or many: `to [batch, columns, rows]`, dense, from rows that lie
/// `step` apart, in matrices that lie `distance` apart. Channels first and channels last are each other's transposition.
///
/// Eight rows are read at a time, so that what is written comes in pieces of eight.
public record Transposition(Type type, int batch, int rows, int columns, int distance, int step) {
    private static final int WIDEST = 8;
    private static final int ELEMENTS_OF_PART = 1 << 14;
    private static final int MOST_PARTS = 64;

    /// Binds it to its arrays.
    public Work bind(Object from, int fromOffset, Object to, int toOffset) {
        return new Bound(this, new Object[] {from, to}, fromOffset, toOffset);
    }

    private static final class Bound implements Work {
        private final Transposition sizes;
        private final Object[] arrays;
        private final int from;
        private final int to;
        private final int groups;
        private final int parts;
        private final Panel[] panels = new Panel[4]; // of 8, 4, 2 and 1 rows

        Bound(Transposition sizes, Object[] arrays, int from, int to) {
            this.sizes = sizes;
            this.arrays = arrays;
            this.from = from;
            this.to = to;
            groups = (sizes.rows + WIDEST - 1) / WIDEST;
            long elements = (long) sizes.batch * sizes.rows * sizes.columns;
            long units = (long) sizes.batch * groups;
            parts = (int) Math.min(units, Math.min(MOST_PARTS, Math.max(1, elements / ELEMENTS_OF_PART)));
            for (int i = 0; i < panels.length; i++) {
                panels[i] = PanelForm.turned(sizes.type, WIDEST >> i);
            }
        }

        @Override
        public int phases() {
            return 1;
        }

        @Override
        public int parts(int phase) {
            return parts;
        }

        @Override
        public void run(int phase, int part) {
            int units = sizes.batch * groups;
            int end = (int) ((long) units * (part + 1) / parts);
            for (int unit = (int) ((long) units * part / parts); unit < end; unit++) {
                int matrix = unit / groups;
                int row = unit % groups * WIDEST;
                int last = Math.min(sizes.rows, row + WIDEST);
                while (row < last) {
                    int which = 0;
                    while (WIDEST >> which > last - row) {
                        which++;
                    }
                    panels[which].run(
                            arrays,
                            sizes.columns,
                            from + matrix * sizes.distance + row * sizes.step,
                            sizes.step,
                            to + matrix * sizes.rows * sizes.columns + row,
                            sizes.rows,
                            0);
                    row += WIDEST >> which;
                }
            }
        }
    }
}
