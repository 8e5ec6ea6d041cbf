package org.gradus.kernel;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// The code of a reducing kernel that folds columns. It goes over some rows column by column, so that the sums stay in
/// registers, and over so few rows that these stay in the nearest cache; over rows so long that these are no more than
/// four, row by row, so that what is the same in all of a row stays in registers. Filling, four rows at a time, one, and
/// the same for the columns behind the last full vector are methods of their own: HotSpot gives up on many vector
/// instructions in one. An empty range calls them all, too, as rehearsals want.
final class ReduceColumns {
    private static final int MOST_MASKED = 7; // accesses in a method
    private static final int MOST_IN_GROUP = 64; // steps and accesses
    private static final int ELEMENTS_OF_BLOCK =
            256; // of rows that are gone over at once; short, so that calls are soon many

    private final ReduceCode code;
    private final ReduceKernel reduce;
    private final MapKernel map;
    private final Emitter e;
    private final KernelClass<Kernel> made;
    private final Int inner;
    private final int count;

    ReduceColumns(ReduceCode code) {
        this.code = code;
        this.reduce = code.reduce;
        this.map = code.map;
        this.e = code.e;
        this.made = code.made;
        this.inner = code.inner;
        this.count = code.count;
    }

    void emit() {
        Emitter fill = method("fill");
        List<Target> filled = targets(fill);
        fill.strip(fill.integer(2), fill.integer(3), (m, c) -> filled.forEach(to -> to.store(m, c, code.identity(m))));
        List<Integer> groups = reduce.isCheap() || isLight() ? List.of(ReduceCode.GROUP, 1) : List.of(1);
        List<Emitter> whole = groups.stream().map(this::rows).toList();
        List<Emitter> rest = e.lanes() == 1
                ? List.of()
                : groups.stream().map(this::rowsOfRest).toList();
        Emitter wide = groups.size() > 1 && e.lanes() > 1 ? wideRows() : null;
        Int rows = code.extra(0);
        Int begin = code.extra(1);
        Int end = code.extra(2);
        Int slab = e.variable(e.over(e.integer(2), inner));
        Int index = e.variable(e.integer(2));
        e.repeat(index, e.integer(3), 0, ignored -> {
            Int first = e.minus(index, e.times(slab, inner));
            Int last = e.smaller(inner, e.plus(first, e.minus(e.integer(3), index)));
            Int columns = e.minus(last, first);
            Int even = e.minus(last, e.rest(columns, Int.of(e.lanes())));
            Int block = e.times(
                    e.plus(e.over(Int.of(ELEMENTS_OF_BLOCK / ReduceCode.GROUP), e.plus(columns, 1)), 1),
                    ReduceCode.GROUP);
            Int many = e.smaller(Int.of(1), e.over(columns, Int.of(ELEMENTS_OF_BLOCK)));
            Int narrow = e.plusTimes(first, many, e.minus(even, first));
            Int top = e.times(slab, rows);
            Int row = e.variable(e.plus(top, begin));
            Int bottom = e.plus(top, end);
            e.call(fill, e.reference(0), e.reference(1), first, last, slab, row, bottom);
            for (int i = 0; i < groups.size(); i++) {
                Emitter over = whole.get(i);
                Emitter behind = rest.isEmpty() ? null : rest.get(i);
                Emitter along = i == 0 ? wide : null;
                Int until = e.minus(bottom, e.rest(e.minus(bottom, row), Int.of(groups.get(i))));
                e.proceed(row, until, 0, ignoredToo -> {
                    Int to = e.smaller(until, e.plus(row, block));
                    if (along != null) {
                        call(along, first, narrow, slab, row, to);
                    }
                    call(over, along == null ? first : narrow, even, slab, row, to);
                    if (behind != null) {
                        call(behind, even, last, slab, row, to);
                    }
                    e.set(row, to);
                });
            }
            e.set(index, e.plus(index, columns));
            e.increment(slab, 1);
        });
    }

    /// Whether a method has room for as many rows at a time as one of a cheap body has.
    private boolean isLight() {
        return ReduceCode.GROUP * (map.work() + accesses(1)) <= MOST_IN_GROUP;
    }

    private void call(Emitter pass, Int... numbers) {
        e.call(
                pass,
                Stream.concat(Stream.of(e.reference(0), e.reference(1)), Stream.of(numbers))
                        .toArray(Value[]::new));
    }

    /// A method that takes arrays, numbers, the first and last column, the slab, the first and last row.
    private Emitter method(String name) {
        return made.method(
                name,
                map.type(),
                map.lanes(),
                Object[].class,
                int[].class,
                int.class,
                int.class,
                int.class,
                int.class,
                int.class);
    }

    /// A method that folds rows of full vectors, so many at a time, into the results.
    private Emitter rows(int group) {
        Emitter pass = method("rows" + group);
        BiConsumer<Emitter, Int> inside = inside(pass, group);
        pass.loop(pass.integer(2), pass.integer(3), pass.lanes(), c -> inside.accept(pass, c));
        return pass;
    }

    /// How often a method reads and writes vectors.
    private int accesses(int group) {
        long vectors = map.inputs().stream()
                .filter(input -> input.access() != MapKernel.Access.SCALAR && input.access() != MapKernel.Access.SAME)
                .count();
        return (int) vectors * group + 2 * count;
    }

    /// The same for fewer columns than lanes: masked, or one by one where there would be many masks, with much code
    /// for each.
    private Emitter rowsOfRest(int group) {
        Emitter pass = method("rest" + group);
        BiConsumer<Emitter, Int> inside = inside(pass, group);
        Int first = pass.integer(2);
        Int end = pass.integer(3);
        if (accesses(group) > MOST_MASKED) {
            pass.loop(first, end, 1, c -> inside.accept(pass.single(), c));
        } else {
            pass.ifLess(first, end, () -> inside.accept(pass.masked(pass.maskBelow(pass.minus(end, first))), first));
        }
        return pass;
    }

    /// Where the results of a slab begin.
    private record Target(Ref array, Int base) {
        Numbers load(Emitter m, Int column) {
            return m.load(array, m.plus(column, base));
        }

        void store(Emitter m, Int column, Numbers value) {
            m.store(array, m.plus(column, base), value);
        }
    }

    private List<Target> targets(Emitter pass) {
        Int width = pass.element(pass.reference(1), map.inner());
        return IntStream.range(0, count)
                .mapToObj(k -> {
                    int index = map.inputs().size() + k;
                    Ref array = pass.element(pass.reference(0), index, map.type());
                    Int offset = pass.element(pass.reference(1), index);
                    return new Target(array, pass.plusTimes(offset, pass.integer(4), width));
                })
                .toList();
    }

    /// How a method folds its rows of some columns: the sums stay in registers from row to row.
    private BiConsumer<Emitter, Int> inside(Emitter pass, int group) {
        List<Target> targets = targets(pass);
        Int width = pass.element(pass.reference(1), map.inner());
        List<List<Place>> places = places(pass, group);
        return (m, c) -> {
            List<Numbers> sums =
                    targets.stream().map(to -> m.variable(to.load(m, c))).toList();
            m.loop(
                    pass.integer(5),
                    pass.integer(6),
                    group,
                    row -> foldRows(m, sums, places, begun(m, places, width, row), c));
            for (int k = 0; k < count; k++) {
                targets.get(k).store(m, c, sums.get(k));
            }
        };
    }

    /// A method that folds rows of full vectors, a group at a time from end to end: what is the same in a row stays in
    /// registers from column to column.
    private Emitter wideRows() {
        Emitter pass = method("wide");
        List<Target> targets = targets(pass);
        Int width = pass.element(pass.reference(1), map.inner());
        List<List<Place>> places = places(pass, ReduceCode.GROUP);
        pass.loop(pass.integer(5), pass.integer(6), ReduceCode.GROUP, row -> {
            List<Int> starts = begun(pass, places, width, row);
            pass.loop(pass.integer(2), pass.integer(3), pass.lanes(), c -> {
                List<Numbers> sums = targets.stream()
                        .map(to -> pass.variable(to.load(pass, c)))
                        .toList();
                foldRows(pass, sums, places, starts, c);
                for (int k = 0; k < count; k++) {
                    targets.get(k).store(pass, c, sums.get(k));
                }
            });
        });
        return pass;
    }

    private List<List<Place>> places(Emitter pass, int group) {
        return Stream.generate(() -> code.places(pass)).limit(group).toList();
    }

    /// Where rows begin, one place after the other.
    private static List<Int> begun(Emitter m, List<List<Place>> places, Int width, Int row) {
        return IntStream.range(0, places.size())
                .mapToObj(i -> {
                    Int here = m.plus(row, i);
                    places.get(i).forEach(place -> place.beginRow(here));
                    return m.times(here, width);
                })
                .toList();
    }

    private void foldRows(Emitter m, List<Numbers> sums, List<List<Place>> places, List<Int> starts, Int column) {
        List<List<Numbers>> groups = IntStream.range(0, places.size())
                .mapToObj(i -> code.values(m, places.get(i), starts.get(i), column))
                .toList();
        if (groups.size() > 1 && reduce.isCheap()) {
            code.fold(m, sums, code.combined(groups, m));
        } else {
            groups.forEach(values -> code.fold(m, sums, values));
        }
    }
}
