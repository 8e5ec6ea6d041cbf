package org.gradus.kernel;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// The code of a [Tile].
///
/// Nothing but the sums, loaded and stored one by one, in line. With more to do than that (an epilogue, another array), HotSpot's
/// second compiler keeps some of the sums in memory.
final class TileCode {
    private final TileForm form;
    private final Emitter e;
    private final Ref left;
    private final Ref right;
    private final Ref result;
    private final Numbers[] sums; // row by row, and behind them those of shared vectors
    private final int shares; // rows of a shared vector
    private final @Nullable Mask[] below; // its lanes of the first rows; none for the first

    TileCode(TileForm form, Emitter e) {
        this.form = form;
        this.e = e;
        Ref arrays = e.reference(0);
        left = e.element(arrays, 0, form.type());
        right = e.element(arrays, 1, form.type());
        result = e.as(e.reference(1), form.type());
        shares = Columns.shares(form.rest(), form.lanes());
        sums = new Numbers[form.height() * form.full() + (shares > 0 ? Math.ceilDiv(form.height(), shares) : 0)];
        below = new Mask[shares];
    }

    void emit() {
        for (int row = 1; row < shares; row++) {
            below[row] = e.maskBelow(row * form.rest());
        }
        Int from = e.variable(e.integer(5));
        Int to = e.variable(e.integer(7));
        e.loop(Int.of(0), e.integer(10), 1, block -> {
            Arrays.setAll(sums, _ -> e.variable(e.constant(0)));
            if (!form.fresh()) {
                e.ifLess(Int.of(0), e.integer(9), () -> each(to, this::load));
            }
            sum(from);
            each(to, this::store);
            e.set(from, e.plus(from, e.integer(11)));
            e.set(to, e.plus(to, e.integer(12)));
        });
    }

    private interface Sum {
        void emit(Int at, int row, int vector);
    }

    /// Something in line for every vector of every row, with where the row lies.
    private void each(Int to, Sum each) {
        Int at = e.variable(to);
        for (int row = 0; row < form.height(); row++) {
            for (int vector = form.vectors() - 1; vector >= 0; vector--) { // the shared one first
                each.emit(at, row, vector);
            }
            e.set(at, e.plus(at, e.integer(8)));
        }
    }

    private Numbers sum(int row, int vector) {
        int full = form.full();
        return sums[isShared(vector) ? form.height() * full + row / shares : row * full + vector];
    }

    private boolean isShared(int vector) {
        return vector == form.full();
    }

    /// Where the first lane of a vector lies, from the row's beginning. Of a shared one the last lanes are the row's, so that
    /// nothing is touched behind the row. The others lie within it: what is stored there is stored before what belongs there.
    private int place(int vector) {
        return vector * form.lanes() - (isShared(vector) ? form.lanes() - form.rest() : 0);
    }

    /// A shared vector turned so that a row's lanes are the last ones, or back.
    private Numbers turned(Numbers vector, int row, boolean back) {
        int end = (row % shares + 1) * form.rest();
        int by = back ? form.lanes() - end : end;
        return end == form.lanes() ? vector : e.rotated(vector, by);
    }

    private void load(Int at, int row, int vector) {
        Numbers sum = sum(row, vector);
        Numbers found = e.load(result, at, place(vector));
        if (isShared(vector)) {
            Numbers turned = turned(found, row, true);
            @Nullable Mask others = below[row % shares];
            e.set(sum, others == null ? turned : e.select(others, sum, turned));
        } else {
            e.set(sum, found);
        }
    }

    private void store(Int at, int row, int vector) {
        Numbers sum = sum(row, vector);
        e.store(result, at, place(vector), isShared(vector) ? turned(sum, row, false) : sum);
    }

    private void sum(Int from) {
        Walk a = form.a();
        Walk b = form.b();
        Int[] at = {from, e.integer(6)};
        Inside row = middle -> nest(e, e.integer(4), middle, distance(a.inner()), distance(b.inner()), this::step);
        Inside plane = outer -> nest(e, e.integer(3), outer, Int.of(a.middle()), Int.of(b.middle()), row);
        nest(e, e.integer(2), at, Int.of(a.outer()), Int.of(b.outer()), plane);
    }

    /// A distance in the innermost loop: a constant, or larger than what is negative, which the compiler does not know.
    private Int distance(int by) {
        return isConstant(by) ? Int.of(by) : e.variable(e.larger(Int.of(by), e.minus(Int.of(-1), e.integer(7))));
    }

    /// Whether a distance is a constant of the code. HotSpot's second compiler derives a place that moves by a constant from
    /// the number of the round, and multiplies for that unless it is a power of two; what this takes, sums lack.
    private static boolean isConstant(int distance) {
        return Integer.bitCount(distance) <= 1;
    }

    /// One step of the sums, in parts of a few rows (or columns) where registers are short.
    ///
    /// HotSpot's second compiler loads as early as it can, even if sums must then wait in memory, and it unrolls small
    /// loops, which makes that worse. But it does not move a load ahead of a way out of the loop behind which all sums are
    /// asked for. So a branch that is never taken, as places are not negative, keeps the parts apart. Two parts do also where
    /// registers abound, but the distance of `b` is no constant: else one of the sums may wait in memory.
    private void step(Int[] at) {
        int height = form.height();
        int vectors = form.vectors();
        Registers registers = Registers.of(form.type(), form.lanes());
        boolean byRow = height >= vectors || !registers.isTight();
        IntFunction<Numbers> factor = i -> e.broadcast(e.single().load(left, at[0], i * form.across()));
        IntFunction<Numbers> vector = j -> e.load(right, at[1], j * form.lanes());
        Numbers[] held = new Numbers[byRow ? vectors : height];
        Arrays.setAll(held, byRow ? vector : factor);
        int count = byRow ? height : vectors;
        boolean tight = registers.isTight();
        int together = tight
                ? registers.together(height, vectors)
                : isConstant(form.b().inner()) ? count : (count + 1) / 2;
        @Nullable Numbers mixed = null; // what a shared vector is multiplied with
        for (int i = 0; i < count; i++) {
            if (i % together == 0 && (tight || i > 0)) {
                split(e, at, i / together);
            }
            Numbers one = (byRow ? factor : vector).apply(i);
            @Nullable Mask others = shares > 0 ? below[i % shares] : null;
            mixed = others == null || mixed == null ? one : e.select(others, mixed, one);
            for (int j = 0; j < held.length; j++) {
                int row = byRow ? i : j;
                boolean shared = byRow && isShared(j);
                if (!shared || row % shares == shares - 1 || row == height - 1) {
                    Numbers sum = sum(row, byRow ? j : i);
                    e.into(sum).fma(shared ? mixed : one, held[j], sum);
                }
            }
        }
    }

    /// A branch that is never taken: places and distances are not negative. Those of different parts ask different things,
    /// since the compiler leaves out a branch that asks what one before it has asked, or what it can tell beforehand.
    static void split(Emitter e, Int[] at, int part) {
        e.ifEqual(at[1 - part % 2], e.minus(Int.of(-1), e.integer(7 + part / 2 % 6)), () -> e.variable(Int.of(0)));
    }

    /// The inside of a loop that moves two places along.
    interface Inside {
        void emit(Int[] at);
    }

    /// A loop that moves a copy of the two places along.
    static void nest(Emitter e, Int count, Int[] at, Int aStep, Int bStep, Inside inside) {
        Int[] moving = {e.variable(at[0]), e.variable(at[1])};
        e.loop(Int.of(0), count, 1, i -> {
            inside.emit(moving);
            e.set(moving[0], e.plus(moving[0], aStep));
            e.set(moving[1], e.plus(moving[1], bStep));
        });
    }
}
