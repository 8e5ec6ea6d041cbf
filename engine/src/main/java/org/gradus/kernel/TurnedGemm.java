package org.gradus.kernel;

import org.gradus.base.Type;

/// A product with few rows and a `B` that is stored transposed, such as a layer's weight `[out, in]`, made as
/// `Cᵀ = B Aᵀ`: then the large `B` is read where it lies, and only `A` and `C` are copied crosswise. Every bit is that of
/// a [Gemm].
final class TurnedGemm implements Contraction {
    private static final int MOST_ROWS = 96;
    private static final int MOST_PARTS = 16;
    private static final int ELEMENTS_OF_PART = 1 << 14;

    private final Product product;
    private final int width; // of the transposed product: whole panels, whatever the rows are
    private final Gemm gemm; // of the transposed product, whose result is dense
    private final Packing packing;

    /// @param like a product with no fewer rows, whose code this shares
    TurnedGemm(Product p, Product like, Type type, int lanes) {
        this.product = p;
        int panel = Registers.of(type, lanes).wide(Math.ceilDiv(like.m(), lanes)) * lanes;
        this.width = Math.ceilDiv(p.m(), panel) * panel;
        this.gemm = Gemm.of(
                turned(p, width), turned(like, Math.ceilDiv(like.m(), panel) * panel), p.m(), false, type, lanes);
        this.packing = gemm.packing;
    }

    private static Product turned(Product p, int width) {
        return Product.of(p.n(), width, p.k(), false, true)
                .spaced(p.bStep(), p.aStep(), width)
                .batched(p.batches(), p.bBatch(), p.aBatch(), width * p.n());
    }

    /// Whether this copies less than a [Gemm] does.
    static boolean pays(Product p) {
        return p.transposeB()
                && !p.transposeA()
                && !p.accumulate()
                && p.epilogue().equals(Epilogue.NONE)
                && p.m() > 0
                && p.m() <= MOST_ROWS
                && (long) p.m() * (p.k() + p.n()) < (long) p.n() * p.k();
    }

    private int results() {
        return product.batches() * width * product.n();
    }

    @Override
    public int workspace() {
        return results() + gemm.workspace();
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        Object work = arrays[4];
        Work turned = gemm.bind(
                new Object[] {arrays[1], arrays[0], work, work, work},
                new int[] {offsets[1], offsets[0], offsets[4], 0, offsets[4] + results()});
        return new Turning(turned, new Object[] {work, arrays[2]}, offsets[4], offsets[2]);
    }

    /// The transposed product, and behind it the copying of its result.
    private final class Turning implements Work {
        private final Work gemm;
        private final Object[] fromTo;
        private final int from;
        private final int to;
        private final int parts;

        private Turning(Work gemm, Object[] fromTo, int from, int to) {
            this.gemm = gemm;
            this.fromTo = fromTo;
            this.from = from;
            this.to = to;
            int units = product.batches() * product.n();
            this.parts = Math.min(units, Math.clamp(results() / ELEMENTS_OF_PART, 1, MOST_PARTS));
        }

        @Override
        public int phases() {
            return gemm.phases() + 1;
        }

        @Override
        public int parts(int phase) {
            return phase < gemm.phases() ? gemm.parts(phase) : parts;
        }

        @Override
        public void run(int phase, int part) {
            if (phase < gemm.phases()) {
                gemm.run(phase, part);
                return;
            }
            int n = product.n();
            int m = product.m();
            long units = (long) product.batches() * n;
            int unit = (int) (units * part / parts);
            int end = (int) (units * (part + 1) / parts);
            while (unit < end) {
                int batch = unit / n;
                int column = unit % n;
                int count = Math.min(end - unit, n - column);
                int place = to + batch * product.cBatch() + column;
                packing.turned(fromTo, m, from + unit * width, width, count, place, product.cStep());
                unit += count;
            }
        }
    }
}
