package org.gradus.kernel;

import org.gradus.kernel.TileForm.Edge;

/// Any [TileForm] of `float32` in plain Java, bit for bit. HotSpot has it compiled before it has the first of the forms.
///
/// It goes over blocks of four rows and four columns. Where the form has fewer, the last row or column is computed
/// several times.
record PlainTile(TileForm form) implements Tile {
    private static final int BLOCK = 4;

    @Override
    public void run(
            Object[] arrays,
            int outer,
            int middle,
            int inner,
            int a,
            int b,
            int c,
            int cStep,
            int last,
            int bias,
            int continued) {
        float[] result = (float[]) arrays[2];
        float[] sums = new float[BLOCK * BLOCK];
        int width = form.vectors() * form.lanes() - (form.edge() == Edge.NONE ? 0 : form.lanes() - last);
        for (int row = 0; row < form.height(); row += BLOCK) {
            int rows = Math.min(BLOCK, form.height() - row);
            for (int column = 0; column < width; column += BLOCK) {
                int columns = Math.min(BLOCK, width - column);
                int at = c + row * cStep + column;
                for (int i = 0; i < BLOCK * BLOCK; i++) {
                    int from = at + Math.min(i / BLOCK, rows - 1) * cStep + Math.min(i % BLOCK, columns - 1);
                    sums[i] = form.continued() && continued > 0 ? result[from] : 0;
                }
                for (int i = 0; i < outer; i++) {
                    for (int j = 0; j < middle; j++) {
                        add(
                                (float[]) arrays[0],
                                (float[]) arrays[1],
                                inner,
                                a + i * form.a().outer() + j * form.a().middle() + row * form.across(),
                                b + i * form.b().outer() + j * form.b().middle() + column,
                                form.across(),
                                rows,
                                columns,
                                form.a().inner(),
                                form.b().inner(),
                                sums);
                    }
                }
                for (int i = 0; i < rows * BLOCK; i++) {
                    if (i % BLOCK < columns) {
                        float sum = sums[i];
                        sum = form.epilogue().bias() ? sum + ((float[]) arrays[3])[bias + column + i % BLOCK] : sum;
                        sum = form.epilogue().relu() ? Math.max(sum, 0) : sum;
                        result[at + i / BLOCK * cStep + i % BLOCK] = sum;
                    }
                }
            }
        }
    }

    private static void add(
            float[] a,
            float[] b,
            int count,
            int aAt,
            int bAt,
            int across,
            int rows,
            int columns,
            int aStep,
            int bStep,
            float[] sums) {
        int row0 = aAt;
        int row1 = aAt + Math.min(1, rows - 1) * across;
        int row2 = aAt + Math.min(2, rows - 1) * across;
        int row3 = aAt + Math.min(3, rows - 1) * across;
        int column1 = Math.min(1, columns - 1);
        int column2 = Math.min(2, columns - 1);
        int column3 = Math.min(3, columns - 1);
        float s00 = sums[0];
        float s01 = sums[1];
        float s02 = sums[2];
        float s03 = sums[3];
        float s10 = sums[4];
        float s11 = sums[5];
        float s12 = sums[6];
        float s13 = sums[7];
        float s20 = sums[8];
        float s21 = sums[9];
        float s22 = sums[10];
        float s23 = sums[11];
        float s30 = sums[12];
        float s31 = sums[13];
        float s32 = sums[14];
        float s33 = sums[15];
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
        sums[0] = s00;
        sums[1] = s01;
        sums[2] = s02;
        sums[3] = s03;
        sums[4] = s10;
        sums[5] = s11;
        sums[6] = s12;
        sums[7] = s13;
        sums[8] = s20;
        sums[9] = s21;
        sums[10] = s22;
        sums[11] = s23;
        sums[12] = s30;
        sums[13] = s31;
        sums[14] = s32;
        sums[15] = s33;
    }
}
