package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Products of matrices against their definition, and bit for bit in all forms.
class GemmTest {
    record Case(Product product, Type type) {}

    static List<Case> cases() {
        List<Product> products = new ArrayList<>();
        int[][] sizes = {
            {0, 3, 4},
            {3, 0, 4},
            {3, 4, 0},
            {1, 1, 1},
            {1, 17, 5},
            {17, 1, 3},
            {2, 15, 7},
            {13, 16, 1},
            {14, 17, 31},
            {15, 31, 16},
            {29, 33, 19},
            {7, 50, 20},
            {64, 10, 37},
            {5, 130, 3},
            {31, 257, 13},
            {3, 5, 800},
            {16, 20, 391},
            {7, 20, 1031},
            {3, 9, 2100},
            {140, 144, 70},
            {17, 1024, 530},
            {31, 48, 1500}
        };
        for (int[] s : sizes) {
            for (int form = 0; form < 4; form++) {
                products.add(Product.of(s[0], s[1], s[2], form % 2 == 1, form / 2 == 1));
            }
        }
        for (int form = 0; form < 4; form++) {
            boolean ta = form % 2 == 1;
            boolean tb = form / 2 == 1;
            products.add(Product.of(19, 35, 401, ta, tb).accumulated().then(new Epilogue(true, true)));
            products.add(Product.of(9, 11, 6, ta, tb).spaced(23, 29, 31).batched(5, 600, 700, 500));
            products.add(Product.of(5, 140, 6, ta, tb).spaced(23, 150, 171).then(new Epilogue(true, false)));
            products.add(Product.of(27, 48, 1100, ta, tb).accumulated().then(new Epilogue(true, true)));
            products.add(Product.of(9, 32, 6, ta, tb).spaced(23, 37, 41).batched(5, 600, 1300, 500));
        }
        products.add(Product.of(29, 11, 530, true, false).spaced(1024, 11, 11)); // of A, what is packed
        products.add(Product.of(29, 11, 1030).spaced(2048, 11, 11));
        products.add(Product.of(29, 11, 1030).spaced(2048, 11, 11).accumulated());
        products.add(Product.of(31, 48, 1800)); // each tile a part of its own, the last one with rows of another
        products.add(Product.of(31, 48, 1800).accumulated());
        products.add(Product.of(300, 200, 100));
        products.add(Product.of(40, 40, 50).batched(70, 2000, 2000, 1600));
        return products.stream()
                .flatMap(p -> List.of(new Case(p, Type.FLOAT32), new Case(p, Type.FLOAT64)).stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithItsDefinitionAndInEveryBit(Case c) {
        Product p = c.product();
        Arrays arrays = Arrays.of(p, c.type());
        Object scalar = null;
        for (int lanes : Contractions.lanes(c.type())) {
            Object result = arrays.run(p.kernel(c.type(), lanes), c.type(), 1);
            if (scalar == null) {
                scalar = result;
                arrays.check(p, c.type(), result);
            }
            assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(scalar));
        }
        int most = Contractions.lanes(c.type())[3];
        for (int threads : new int[] {2, 3, 7}) {
            Object result = arrays.run(p.kernel(c.type(), most), c.type(), threads);
            assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(scalar));
            Object standing = arrays.run(p.kernel(c.type(), most, true), c.type(), threads);
            assertThat(Contractions.bits(standing)).isEqualTo(Contractions.bits(scalar));
            Contractions.assertKept(
                    p.kernel(c.type(), most, true), c.type(), arrays.a, arrays.b, arrays.c, arrays.bias, scalar);
        }
    }

    /// By the sizes of the products above, so that they stand for each way.
    @Test
    void operandsAreReadWhereTheyLieIfTheNearCachesHoldWhatTilesRead() {
        assertThat(ways(Product.of(140, 144, 70))).isEqualTo("A and B");
        assertThat(ways(Product.of(140, 144, 70, true, false))).isEqualTo("A and B");
        assertThat(ways(Product.of(140, 144, 170, true, false))).isEqualTo("A");
        assertThat(ways(Product.of(140, 144, 70, true, true))).isEqualTo("A");
        assertThat(ways(Product.of(140, 512, 70))).as("rows share lines").isEqualTo("A");
        assertThat(ways(Product.of(17, 1024, 530))).as("pages apart").isEqualTo("A");
        assertThat(ways(Product.of(17, 1024, 510))).isEqualTo("A and B");
        assertThat(ways(Product.of(2048, 144, 530, true, false))).isEqualTo("");
        assertThat(ways(Product.of(31, 48, 1500))).isEqualTo("A and B");
        assertThat(ways(Product.of(31, 50, 1500))).as("ragged").isEqualTo("A");
        assertThat(ways(Product.of(31, 1 << 17, 3))).as("far apart").isEqualTo("A");
        assertThat(ways(Product.of(1 << 17, 48, 3, true, false)))
                .as("far apart")
                .isEqualTo(" and B");
    }

    private static String ways(Product p) {
        Gemm gemm = Gemm.of(p, Type.FLOAT32, 16);
        assertThat(gemm.late && gemm.inPlaceB).isFalse();
        return (gemm.inPlaceA ? "A" : "") + (gemm.inPlaceB ? " and B" : "");
    }

    @Test
    void aLargeTransposedOperandIsReadWhereItLies() {
        Product p = Product.of(7, 130, 400, false, true).spaced(410, 403, 151).batched(3, 3000, 60000, 1100);
        assertThat(TurnedGemm.pays(p)).isTrue();
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64)) {
            Arrays arrays = Arrays.of(p, type);
            Object expected = arrays.run(Gemm.of(p, type, 1), type, 1);
            for (int lanes : Contractions.lanes(type)) {
                for (int threads : new int[] {1, 3}) {
                    Object result = arrays.run(new TurnedGemm(p, p, type, lanes), type, threads);
                    assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(expected));
                }
            }
        }
    }

    /// But for a transposed `A` with fewer rows than a tile, of which no product is asked to be like a longer one.
    @Test
    void fewerRowsGiveTheSameBitsAndMakeNoKernel() {
        for (int form = 0; form < 4; form++) {
            for (int n : new int[] {20, 160, 170}) {
                Product full = Product.of(64, n, 400, form % 2 == 1, form / 2 == 1)
                        .spaced(form % 2 == 1 ? 64 : 410, form / 2 == 1 ? 400 : n, n);
                Arrays arrays = Arrays.of(full, Type.FLOAT32);
                Gemm gemm = Gemm.of(full, Type.FLOAT32, 16);
                for (int m : new int[] {64, 63, 53, 37, 14, 2, 1, 0}) {
                    int kernels = TileForm.count();
                    Gemm shorter = Gemm.of(full.withRows(m), full, n, false, Type.FLOAT32, 16);
                    Object result = arrays.run(shorter, Type.FLOAT32, 2);
                    if (form % 2 == 0 || !shorter.isLow()) {
                        assertThat(shorter.workspace()).isLessThanOrEqualTo(gemm.workspace());
                        assertThat(TileForm.count()).isEqualTo(kernels);
                    }
                    Object expected = arrays.run(Gemm.of(full.withRows(m), Type.FLOAT32, 1), Type.FLOAT32, 1);
                    assertThat(Contractions.bits(result)).isEqualTo(Contractions.bits(expected));
                }
            }
        }
    }

    @Test
    void manyProductsOfFewerRowsThanATileGiveTheSameBits() {
        Product full = Product.of(64, 48, 20).batched(3, 64 * 20, 20 * 48, 64 * 48);
        Arrays arrays = Arrays.of(full, Type.FLOAT32);
        for (int m : new int[] {5, 2}) {
            Product low = full.withRows(m);
            Gemm gemm = Gemm.of(low, full, 48, false, Type.FLOAT32, 16);
            assertThat(gemm.isLow()).isTrue();
            Object expected = arrays.run(Gemm.of(low, Type.FLOAT32, 1), Type.FLOAT32, 1);
            assertThat(Contractions.bits(arrays.run(gemm, Type.FLOAT32, 2))).isEqualTo(Contractions.bits(expected));
        }
    }

    private record Arrays(Object a, Object b, Object c, Object bias) {
        static Arrays of(Product p, Type type) {
            return new Arrays(
                    Contractions.random(
                            type, reach(p.transposeA() ? p.k() : p.m(), p.aStep(), p.batches(), p.aBatch()), 1),
                    Contractions.random(
                            type, reach(p.transposeB() ? p.n() : p.k(), p.bStep(), p.batches(), p.bBatch()), 2),
                    Contractions.random(type, reach(p.m(), p.cStep(), p.batches(), p.cBatch()), 3),
                    Contractions.random(type, p.n(), 4));
        }

        private static int reach(int rows, int step, int batches, int batch) {
            return (batches - 1) * batch + rows * step;
        }

        Object run(Contraction gemm, Type type, int threads) {
            Object result = Contractions.copy(c);
            int at = Contractions.MARGIN;
            Object work = Contractions.workspace(type, gemm.workspace() + at);
            Work bound = gemm.bind(new Object[] {a, b, result, bias, work}, new int[] {at, at, at, at, at});
            Contractions.run(bound, threads);
            return result;
        }

        void check(Product p, Type type, Object result) {
            Object expected = Contractions.copy(c);
            double[] exact = new double[java.lang.reflect.Array.getLength(expected)];
            double[] slack = new double[exact.length];
            for (int i = 0; i < exact.length; i++) {
                exact[i] = java.lang.reflect.Array.getDouble(expected, i);
            }
            for (int batch = 0; batch < p.batches(); batch++) {
                for (int i = 0; i < p.m(); i++) {
                    for (int j = 0; j < p.n(); j++) {
                        int at = batch * p.cBatch() + i * p.cStep() + j;
                        double sum = p.accumulate() ? Contractions.get(c, at) : 0;
                        double magnitude = Math.abs(sum);
                        for (int t = 0; t < p.k(); t++) {
                            double x = Contractions.get(
                                    a, batch * p.aBatch() + (p.transposeA() ? t * p.aStep() + i : i * p.aStep() + t));
                            double y = Contractions.get(
                                    b, batch * p.bBatch() + (p.transposeB() ? j * p.bStep() + t : t * p.bStep() + j));
                            sum += x * y;
                            magnitude += Math.abs(x * y);
                        }
                        if (p.epilogue().bias()) {
                            sum += Contractions.get(bias, j);
                            magnitude += Math.abs(Contractions.get(bias, j));
                        }
                        exact[Contractions.MARGIN + at] = p.epilogue().relu() ? Math.max(0, sum) : sum;
                        slack[Contractions.MARGIN + at] = 2 * Contractions.bound(type, p.k()) * magnitude;
                    }
                }
            }
            for (int i = 0; i < exact.length; i++) {
                double got = java.lang.reflect.Array.getDouble(result, i);
                assertThat(Math.abs(got - exact[i])).as("element %s", i).isLessThanOrEqualTo(slack[i]);
            }
        }
    }
}
