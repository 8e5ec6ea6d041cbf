package org.gradus.kernel;

/// Any [TileForm] of `float32` in plain Java, bit for bit. HotSpot has it compiled before it has the first of the forms.
///
/// It goes over blocks of four rows and four columns, whose sums wait in the result between the innermost loops.
record PlainTile(TileForm form) implements Tile {
    private static final int BLOCK = 4;

    @Override
    public void run(
            Object[] arrays,
            Object result,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int continued,
            int count,
            int aNext,
            int cNext) {
        float[] left = (float[]) arrays[0];
        float[] right = (float[]) arrays[1];
        float[] sums = (float[]) result;
        for (int i = 0; i < count; i++) {
            block(left, right, sums, outer, middle, inner, a + i * aNext, b, c + i * cNext, cStep, continued);
        }
    }

    private void block(
            float[] left,
            float[] right,
            float[] sums,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int continued) {
        int width = form.vectors() * form.lanes();
        for (int row = 0; row < form.height(); row += BLOCK) {
            int rows = Math.min(BLOCK, form.height() - row);
            for (int column = 0; column < width; column += BLOCK) {
                int columns = Math.min(BLOCK, width - column);
                int at = c + row * cStep + column;
                if (continued == 0) {
                    clear(sums, at, cStep, rows, columns);
                }
                for (int i = 0; i < outer; i++) {
                    for (int j = 0; j < middle; j++) {
                        add(
                                left,
                                right,
                                sums,
                                inner,
                                a + i * form.a().outer() + j * form.a().middle() + row * form.across(),
                                b + i * form.b().outer() + j * form.b().middle() + column,
                                at,
                                cStep,
                                rows,
                                columns);
                    }
                }
            }
        }
    }

    private static void clear(float[] c, int at, int cStep, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                c[at + i * cStep + j] = 0;
            }
        }
    }

    /// Adds products to a block of `c`. Where it has fewer rows or columns, the last one is taken several times.
    private void add(
            float[] a, float[] b, float[] c, int count, int aAt, int bAt, int at, int cStep, int rows, int columns) {
        int aStep = form.a().inner();
        int bStep = form.b().inner();
        int row0 = aAt;
        int row1 = aAt + Math.min(1, rows - 1) * form.across();
        int row2 = aAt + Math.min(2, rows - 1) * form.across();
        int row3 = aAt + Math.min(3, rows - 1) * form.across();
        int column1 = Math.min(1, columns - 1);
        int column2 = Math.min(2, columns - 1);
        int column3 = Math.min(3, columns - 1);
        int c0 = at;
        int c1 = at + Math.min(1, rows - 1) * cStep;
        int c2 = at + Math.min(2, rows - 1) * cStep;
        int c3 = at + Math.min(3, rows - 1) * cStep;
        float s00 = c[c0];
        float s01 = c[c0 + column1];
        float s02 = c[c0 + column2];
        float s03 = c[c0 + column3];
        float s10 = c[c1];
        float s11 = c[c1 + column1];
        float s12 = c[c1 + column2];
        float s13 = c[c1 + column3];
        float s20 = c[c2];
        float s21 = c[c2 + column1];
        float s22 = c[c2 + column2];
        float s23 = c[c2 + column3];
        float s30 = c[c3];
        float s31 = c[c3 + column1];
        float s32 = c[c3 + column2];
        float s33 = c[c3 + column3];
        int place = bAt;
        for (int t = 0; t < count; t++) {
            float b0 = b[place];
            float b1 = b[place + column1];
            float b2 = b[place + column2];
            float b3 = b[place + column3];
            float x = a[row0];
            s00 = Math.fma(x, b0, s00);
            s01 = Math.fma(x, b1, s01);
            s02 = Math.fma(x, b2, s02);
            s03 = Math.fma(x, b3, s03);
            x = a[row1];
            s10 = Math.fma(x, b0, s10);
            s11 = Math.fma(x, b1, s11);
            s12 = Math.fma(x, b2, s12);
            s13 = Math.fma(x, b3, s13);
            x = a[row2];
            s20 = Math.fma(x, b0, s20);
            s21 = Math.fma(x, b1, s21);
            s22 = Math.fma(x, b2, s22);
            s23 = Math.fma(x, b3, s23);
            x = a[row3];
            s30 = Math.fma(x, b0, s30);
            s31 = Math.fma(x, b1, s31);
            s32 = Math.fma(x, b2, s32);
            s33 = Math.fma(x, b3, s33);
            row0 += aStep;
            row1 += aStep;
            row2 += aStep;
            row3 += aStep;
            place += bStep;
        }
        c[c0] = s00;
        c[c0 + column1] = s01;
        c[c0 + column2] = s02;
        c[c0 + column3] = s03;
        c[c1] = s10;
        c[c1 + column1] = s11;
        c[c1 + column2] = s12;
        c[c1 + column3] = s13;
        c[c2] = s20;
        c[c2 + column1] = s21;
        c[c2 + column2] = s22;
        c[c2 + column3] = s23;
        c[c3] = s30;
        c[c3 + column1] = s31;
        c[c3 + column2] = s32;
        c[c3 + column3] = s33;
    }
}
