package org.gradus.kernel;

import java.util.List;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;

/// A reducing kernel's description: what is folded along which side of a matrix, and the elementwise body whose results
/// are folded. It is the key under which the kernel is kept.
///
/// The elements are as for a [MapKernel] with one outer axis: row r holds elements `r * inner` up to
/// `(r + 1) * inner`. Each result of the body is folded by itself.
///
/// - [Along#ROWS]: one number for each row; the range counts rows.
/// - [Along#COLUMNS]: the rows form slabs of the same number of rows; one number for each slab and column, and the
///   range counts these: number `s * inner + c` for column c of slab s.
///
/// [Kernel#run] takes arrays and numbers as a map kernel does (so the results are what is folded), and behind these
/// numbers, for columns, how many rows a slab has; and then, in both cases, from where to where the folding goes in
/// each row or slab. Splitting that range gives partial results, to be folded again: [#parts] says into how many.
///
/// The order of a fold is fixed. In a row, element i goes to logical lane i mod 16, where the form has fewer lanes,
/// too; in a cheap body four groups of 16 are combined as (a + b) + (c + d) first, in a light one two; the 16 lanes are
/// combined in halves: 8 with 8, 4 with 4, 2 with 2, 1 with 1. In a column, rows follow each other, in a cheap body four at
/// a time.
public record ReduceKernel(Kind kind, Along along, MapKernel map) {
    private static final KernelCache<ReduceKernel, Kernel> KERNELS = new KernelCache<>(ReduceKernel::define);

    /// The logical lanes of a fold.
    static final int LANES = 16;

    private static final int LIGHT = 16; // work of a body that has room for two groups
    private static final int ENOUGH_ROWS = 64; // for threads
    private static final int ENOUGH_COLUMNS = 8192;

    /// How two numbers become one.
    public enum Kind {
        SUM,
        PROD,
        /// NaN wins.
        MAX,
        /// NaN wins.
        MIN
    }

    /// What is folded.
    public enum Along {
        ROWS,
        COLUMNS
    }

    /// Checks the map, and takes the scalar form where there is no other.
    public ReduceKernel {
        if (map.axes() != 1) {
            throw new IllegalArgumentException("A reduction takes a map with 1 outer axis, not " + map.axes() + ".");
        }
        if (map.lanes() > 1 && map.inputs().stream().anyMatch(x -> x.type() == Type.BOOL)) {
            map = new MapKernel(map.body(), map.type(), map.inputs(), 1, 1);
        }
    }

    /// A reduction of plain numbers, one dense matrix.
    public static ReduceKernel of(Kind kind, Along along, Type type) {
        Body same = Body.of(1, List::copyOf);
        return new ReduceKernel(kind, along, new MapKernel(same, type, List.of(new Input(type, Access.FLAT)), 1));
    }

    /// What to run it as, for that many elements: see [MapKernel#nearest].
    public ReduceKernel nearest(long count) {
        return KERNELS.find(this::isCoveredBy).orElseGet(() -> {
            ReduceKernel few = new ReduceKernel(kind, along, map.scalar());
            return MapKernel.isShort(count) ? KERNELS.find(few::isCoveredBy).orElse(few) : this;
        });
    }

    private boolean isCoveredBy(ReduceKernel other) {
        return other.kind == kind && other.along == along && map.isCoveredBy(other.map);
    }

    /// The kernel, made at the first call and kept.
    public Kernel kernel() {
        return KERNELS.get(this);
    }

    private Kernel define() {
        if (map.lanes() == 1) {
            return emitted();
        }
        ReduceKernel plain = new ReduceKernel(kind, along, map.scalar());
        int work = 1 + map.work();
        int end = extra() + (along == Along.COLUMNS ? 2 : 1);
        return WarmingKernel.of(
                () -> KERNELS.get(plain),
                this::emitted,
                () -> WarmingKernel.rehearsal(this),
                numbers -> (long) (numbers[end] - numbers[end - 1]) * work);
    }

    private Kernel emitted() {
        return new ReduceCode(this).define();
    }

    /// Into how many parts a fold from `[before, length, after]` to `[before, after]` is split, for threads: by its shape
    /// alone, so that results do not depend on threads. Many columns are split too: whole rows are read from end to end.
    public static int parts(long before, long length, long after) {
        long results = before * after;
        long work = results * length;
        boolean enough = results >= (after == 1 ? ENOUGH_ROWS : ENOUGH_COLUMNS);
        return enough || work < 32_768 ? 1 : Math.clamp(Math.min(length / 64, work / 8_192), 1, 16);
    }

    /// Whether four groups are combined before they are added: decided by the body and what it reads, never by the form,
    /// nor by which of two forms that are both right there is. One array at most, since masked reads are much code.
    boolean isCheap() {
        return map.body().code().size() <= 4
                && map.body().results().size() == 1
                && map.inputs().stream()
                                .filter(input -> input.access() != Access.SCALAR && input.access() != Access.SAME)
                                .count()
                        <= 1
                && map.body().code().stream().allMatch(step -> switch (step.code()) {
                    case CONSTANT, ADD, SUB, MUL, NEG, ABS -> true;
                    default -> step.code() == Code.MAX || step.code() == Code.MIN;
                });
    }

    /// How many groups of 16 of a row are combined before they are added, so that not each addition waits for the last.
    int groups() {
        return isCheap() ? ReduceCode.GROUP : map.work() <= LIGHT ? 2 : 1;
    }

    /// Where the numbers behind those of the map begin.
    int extra() {
        return map.strides(map.inputs().size());
    }
}
