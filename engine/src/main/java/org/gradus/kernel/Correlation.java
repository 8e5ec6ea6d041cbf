package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;

/// Convolution and its transpose, straight from the image: no matrix of patches is ever made.
///
/// A tile is a run of pixels of one output row times a few vectors of output channels. For each tap and input channel
/// it broadcasts one number for each pixel, at distances that are constants of its code, and multiplies it with vectors
/// of the packed weight; the image is only copied to give it a border of zeros.
///
/// Each output is the chain of fused multiply-adds over depth taps, height taps, width taps and channels, in that
/// order, beginning at 0 (taps on the border multiply zeros). For the transpose (the input's gradient) the taps are taken in
/// the order of the places that they see. With a stride it falls into one [Pass] for each remainder.
final class Correlation implements Contraction {
    final Type type;
    final int lanes;
    final int batch;
    final int groups;
    final boolean transposed;
    final Convolution convolution;
    final Columns columns;
    final Packing packing;
    final Padding padding;
    final List<Pattern> patterns = new ArrayList<>();
    final int packed;

    /// The passes of the three axes that are done together.
    ///
    /// @param packedAt where its packed weight begins in the workspace
    /// @param joined whether the taps of a kernel row and their channels lie in one piece
    record Pattern(Pass depth, Pass height, Pass width, int packedAt, TileSet tiles, boolean joined) {
        int taps() {
            return depth.taps().size() * height.taps().size() * width.taps().size();
        }
    }

    static Correlation forward(Convolution c, Type type, int lanes, Epilogue epilogue) {
        return new Correlation(
                c,
                List.of(Pass.forward(c.depth()), Pass.forward(c.height()), Pass.forward(c.width())),
                false,
                type,
                lanes,
                epilogue);
    }

    static Correlation inputGradient(Convolution c, Type type, int lanes) {
        return new Correlation(
                c,
                List.of(Pass.transposed(c.depth()), Pass.transposed(c.height()), Pass.transposed(c.width())),
                true,
                type,
                lanes,
                Epilogue.NONE);
    }

    private Correlation(
            Convolution c, List<List<Pass>> passes, boolean transposed, Type type, int lanes, Epilogue epilogue) {
        this.convolution = c;
        this.transposed = transposed;
        this.type = type;
        this.lanes = lanes;
        this.batch = c.batch();
        this.groups = c.groups();
        int[] sizes = transposed
                ? new int[] {
                    c.depth().windows(), c.height().windows(), c.width().windows()
                }
                : new int[] {c.depth().size(), c.height().size(), c.width().size()};
        padding = Padding.of(source(), sizes, passes);
        int widest = passes.get(2).stream().mapToInt(Pass::count).max().orElse(0);
        columns = Columns.of(target() / groups, widest, c.taps() * (source() / groups), type, lanes);
        packing = new Packing(columns, type);
        int at = 0;
        for (Pass depth : passes.get(0)) {
            for (Pass height : passes.get(1)) {
                for (Pass width : passes.get(2)) {
                    Pattern pattern = pattern(depth, height, width, at, epilogue);
                    patterns.add(pattern);
                    at += pattern.taps() * source() * columns.vectors() * lanes;
                }
            }
        }
        packed = at;
    }

    private Pattern pattern(Pass depth, Pass height, Pass width, int at, Epilogue epilogue) {
        boolean joined = groups == 1 && width.spacing() == 1;
        int summed = source() / groups;
        Walk a = new Walk(height.spacing() * padding.line(), width.spacing() * padding.channels(), 1);
        TileSet tiles = new TileSet(
                columns, panel -> columns.tiling(width.count(), panel, type), type, epilogue, (rows, vectors) -> {
                    int step = vectors * lanes;
                    Walk b = new Walk(width.taps().size() * summed * step, summed * step, step);
                    return new TileForm(type, lanes, rows, vectors, width.advance() * padding.channels(), a, b)
                            .fresh(depth.taps().size() <= 1);
                });
        return new Pattern(depth, height, width, at, tiles, joined);
    }

    /// The channels of what is read.
    int source() {
        return transposed ? convolution.out() : convolution.in();
    }

    /// The channels of what is written.
    int target() {
        return transposed ? convolution.in() : convolution.out();
    }

    /// The size of the result along a spatial axis.
    int result(int axis) {
        Axis size = List.of(convolution.depth(), convolution.height(), convolution.width())
                .get(axis);
        return transposed ? size.size() : size.windows();
    }

    @Override
    public int workspace() {
        return packed + CorrelationWork.MOST_PARTS * padding.count();
    }

    @Override
    public int standing() {
        return 1;
    }

    @Override
    public int kept() {
        return packed;
    }

    @Override
    public Work bind(Object[] arrays, int[] offsets) {
        return new CorrelationWork(this, arrays, offsets);
    }
}
