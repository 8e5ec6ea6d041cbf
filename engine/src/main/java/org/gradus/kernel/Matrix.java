package org.gradus.kernel;

import org.gradus.kernel.Value.Numbers;

/// The small matrices of Winograd's minimal filtering (A. Lavin and S. Gray, *Fast algorithms for convolutional neural
/// networks*, CVPR 2016), for windows of 3 by 3 that are computed in tiles of 2 by 2 or 4 by 4. They come from the points
/// 0, 1, -1 and infinity, or these and 2, -2.
///
/// A tile of results is `Aᵀ ((G g Gᵀ) ⊙ (Bᵀ d B)) A` for the weight `g` and the pixels `d` under the tile. The gradient
/// of the weight is such a product again, whose filter is a tile of the result's gradient.
enum Matrix {
    /// `Bᵀ` of a tile of 2.
    PIXELS_2(4, 4),

    /// `G` of a tile of 2.
    WEIGHT_2(3, 4),

    /// `Aᵀ` of a tile of 2.
    RESULT_2(4, 2),

    /// `G` for a tile of 2 that is the filter.
    GRADIENT_2(2, 4),

    /// `Aᵀ` for a tile of 2 that is the filter.
    SUM_2(4, 3),

    /// `Bᵀ` of a tile of 4.
    PIXELS_4(6, 6),

    /// `G` of a tile of 4.
    WEIGHT_4(3, 6),

    /// `Aᵀ` of a tile of 4.
    RESULT_4(6, 4),

    /// `G` for a tile of 4 that is the filter.
    GRADIENT_4(4, 6),

    /// `Aᵀ` for a tile of 4 that is the filter.
    SUM_4(6, 3);

    private final int from;
    private final int to;

    Matrix(int from, int to) {
        this.from = from;
        this.to = to;
    }

    /// The numbers that it takes.
    int from() {
        return from;
    }

    /// The numbers that it gives.
    int to() {
        return to;
    }

    /// Emits its product with a column.
    Numbers[] times(Emitter e, Numbers... x) {
        return switch (this) {
            case PIXELS_2 ->
                new Numbers[] {e.minus(x[0], x[2]), e.plus(x[1], x[2]), e.minus(x[2], x[1]), e.minus(x[1], x[3])};
            case WEIGHT_2 -> {
                Numbers half = e.constant(0.5);
                Numbers even = e.times(e.plus(x[0], x[2]), half);
                yield new Numbers[] {x[0], e.fma(x[1], half, even), e.fma(x[1], e.constant(-0.5), even), x[2]};
            }
            case RESULT_2 -> new Numbers[] {e.plus(x[0], e.plus(x[1], x[2])), e.minus(e.minus(x[1], x[2]), x[3])};
            case GRADIENT_2 -> {
                Numbers half = e.constant(0.5);
                yield new Numbers[] {x[0], e.times(e.plus(x[0], x[1]), half), e.times(e.minus(x[0], x[1]), half), x[1]};
            }
            case SUM_2 -> {
                Numbers even = e.plus(x[1], x[2]);
                yield new Numbers[] {e.plus(x[0], even), e.minus(x[1], x[2]), e.minus(even, x[3])};
            }
            case PIXELS_4 -> {
                Numbers four = e.constant(4);
                Numbers minusFour = e.constant(-4);
                Numbers minusFive = e.constant(-5);
                Numbers even = e.fma(x[2], minusFour, x[4]);
                Numbers odd = e.fma(x[1], minusFour, x[3]);
                Numbers evenTwo = e.minus(x[4], x[2]);
                Numbers oddTwo = e.minus(x[3], x[1]);
                yield new Numbers[] {
                    e.fma(x[0], four, e.fma(x[2], minusFive, x[4])),
                    e.plus(even, odd),
                    e.minus(even, odd),
                    e.fma(oddTwo, e.constant(2), evenTwo),
                    e.fma(oddTwo, e.constant(-2), evenTwo),
                    e.fma(x[1], four, e.fma(x[3], minusFive, x[5]))
                };
            }
            case WEIGHT_4 -> {
                Numbers even = e.times(e.plus(x[0], x[2]), e.constant(-1 / 6.0));
                Numbers evenTwo = e.fma(x[2], e.constant(1 / 6.0), e.times(x[0], e.constant(1 / 24.0)));
                yield new Numbers[] {
                    e.times(x[0], e.constant(0.25)),
                    e.fma(x[1], e.constant(-1 / 6.0), even),
                    e.fma(x[1], e.constant(1 / 6.0), even),
                    e.fma(x[1], e.constant(1 / 12.0), evenTwo),
                    e.fma(x[1], e.constant(-1 / 12.0), evenTwo),
                    x[2]
                };
            }
            case GRADIENT_4 -> {
                Numbers sixth = e.constant(-1 / 6.0);
                Numbers even = e.times(e.plus(x[0], x[2]), sixth);
                Numbers odd = e.times(e.plus(x[1], x[3]), sixth);
                Numbers evenTwo = e.times(e.fma(x[2], e.constant(4), x[0]), e.constant(1 / 24.0));
                Numbers oddTwo = e.times(e.fma(x[3], e.constant(4), x[1]), e.constant(1 / 12.0));
                yield new Numbers[] {
                    e.times(x[0], e.constant(0.25)),
                    e.plus(even, odd),
                    e.minus(even, odd),
                    e.plus(evenTwo, oddTwo),
                    e.minus(evenTwo, oddTwo),
                    x[3]
                };
            }
            case RESULT_4, SUM_4 -> {
                Numbers one = e.plus(x[1], x[2]);
                Numbers oneOdd = e.minus(x[1], x[2]);
                Numbers two = e.plus(x[3], x[4]);
                Numbers twoOdd = e.minus(x[3], x[4]);
                Numbers zeroth = e.plus(x[0], e.plus(one, two));
                Numbers first = e.fma(twoOdd, e.constant(2), oneOdd);
                Numbers second = e.fma(two, e.constant(4), one);
                yield this == SUM_4
                        ? new Numbers[] {zeroth, first, e.plus(second, x[5])}
                        : new Numbers[] {zeroth, first, second, e.plus(e.fma(twoOdd, e.constant(8), oneOdd), x[5])};
            }
        };
    }
}
