package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.base.Type;
import org.gradus.kernel.ReduceKernel.Along;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;

/// The class of a reducing kernel under construction. [ReduceKernel] states the order of the folds.
///
/// A form of 16 or 8 lanes keeps a row's partial results in one or two registers for each result of the body. Others keep
/// them in a scratch array, and go over its 16 places in an inner loop: short code, but each addition waits for the store
/// of the last one.
final class ReduceCode {
    private static final int LANES = ReduceKernel.LANES;
    private static final int GROUP = 4; // vectors or rows that a cheap body combines first
    private static final int MOST_MASKED = 7; // accesses in a method
    private static final int MOST_IN_GROUP = 64; // steps and accesses
    private static final int ELEMENTS_OF_BLOCK =
            256; // of rows that are gone over at once; short, so that calls are soon many

    private final ReduceKernel reduce;
    private final MapKernel map;
    private final Emitter e;
    private final KernelClass<Kernel> made;
    private final List<Ref> results = new ArrayList<>();
    private final List<Int> offsets = new ArrayList<>();
    private final Int inner;
    private final int count;

    ReduceCode(ReduceKernel reduce) {
        this.reduce = reduce;
        this.map = reduce.map();
        this.made = new KernelClass<>(Kernel.class, "reduce");
        this.e = made.method(map.type(), map.lanes());
        this.count = map.body().results().size();
        for (int i = 0; i < count; i++) {
            results.add(e.element(e.reference(0), map.inputs().size() + i, map.type()));
            offsets.add(e.element(e.reference(1), map.inputs().size() + i));
        }
        this.inner = e.element(e.reference(1), map.inner());
    }

    Kernel define() {
        if (reduce.along() == Along.COLUMNS) {
            columns();
        } else if (!map.type().isFloating()) {
            integerRows();
        } else if (map.lanes() > LANES / 4) {
            rowsInRegisters();
        } else {
            rowsInMemory();
        }
        return made.define();
    }

    private Int extra(int index) {
        return extra(e, index);
    }

    private Int extra(Emitter m, int index) {
        return m.element(m.reference(1), reduce.extra() + index);
    }

    private List<Place> places() {
        return places(e);
    }

    private List<Place> places(Emitter m) {
        return IntStream.range(0, map.inputs().size())
                .mapToObj(i -> new Place(m, map, i))
                .toList();
    }

    /// The body's results for elements of a row.
    private List<Numbers> values(Emitter m, List<Place> places, Int start, Int inRow) {
        Int index = m.plus(start, inRow);
        List<Value> inputs =
                places.stream().map(place -> place.load(m, index, inRow)).toList();
        return BodyCode.results(m, map.body(), inputs).stream()
                .map(Numbers.class::cast)
                .toList();
    }

    private Numbers folded(Emitter m, Numbers a, Numbers b) {
        return switch (reduce.kind()) {
            case SUM -> m.plus(a, b);
            case PROD -> m.times(a, b);
            case MAX -> m.larger(a, b);
            case MIN -> m.smaller(a, b);
        };
    }

    private Numbers identity(Emitter m) {
        boolean floating = map.type().isFloating();
        boolean narrow = map.type() == Type.INT32;
        return m.constant(
                switch (reduce.kind()) {
                    case SUM -> 0;
                    case PROD -> 1;
                    case MAX -> floating ? Double.NEGATIVE_INFINITY : narrow ? Integer.MIN_VALUE : Long.MIN_VALUE;
                    case MIN -> floating ? Double.POSITIVE_INFINITY : narrow ? Integer.MAX_VALUE : Long.MAX_VALUE;
                });
    }

    /// The values of four groups, combined pairwise.
    private List<Numbers> four(List<List<Numbers>> groups, Emitter m) {
        List<Numbers> values = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Numbers first = folded(m, groups.get(0).get(k), groups.get(1).get(k));
            values.add(folded(
                    m, first, folded(m, groups.get(2).get(k), groups.get(3).get(k))));
        }
        return values;
    }

    /// The values of a cheap body for four groups from an element on, combined.
    private List<Numbers> groups(List<Place> places, Int start, Int from) {
        return four(
                IntStream.range(0, GROUP)
                        .mapToObj(group -> values(e, places, start, e.plus(from, group * LANES)))
                        .toList(),
                e);
    }

    /// What goes round for each row: its index and first element.
    private void eachRow(List<Place> places, BiConsumer<Int, Int> body) {
        e.loop(e.integer(2), e.integer(3), 1, row -> {
            places.forEach(place -> place.beginRow(row));
            body.accept(row, e.times(row, inner));
        });
    }

    private void store(int result, Int at, Numbers one) {
        e.single().store(results.get(result), e.plus(offsets.get(result), at), one);
    }

    private void integerRows() {
        List<Place> places = places();
        Int begin = extra(0);
        Int end = extra(1);
        eachRow(places, (row, start) -> {
            List<Numbers> sums = variables();
            e.loop(begin, end, 1, i -> fold(e, sums, values(e, places, start, i)));
            for (int k = 0; k < count; k++) {
                store(k, row, sums.get(k));
            }
        });
    }

    private void rowsInRegisters() {
        Emitter rest = rest();
        Emitter ends = ends();
        Ref waiting = e.scratch(count * LANES);
        List<Place> places = places();
        Int begin = extra(0);
        Int end = extra(1);
        eachRow(places, (row, start) -> {
            List<List<Numbers>> sums = IntStream.iterate(0, at -> at < LANES, at -> at + e.lanes())
                    .mapToObj(_ -> variables())
                    .toList();
            Int i = e.variable(begin);
            if (reduce.isCheap()) {
                e.proceed(
                        i,
                        e.minus(end, 4 * LANES - 1),
                        4 * LANES,
                        at -> inRegisters(sums, lane -> groups(places, start, e.plus(at, lane))));
            }
            e.proceed(
                    i,
                    e.minus(end, LANES - 1),
                    LANES,
                    at -> inRegisters(sums, lane -> values(e, places, start, e.plus(at, lane))));
            for (int k = 0; k < count; k++) {
                for (int vector = 0; vector < sums.size(); vector++) {
                    e.store(
                            waiting,
                            Int.of(0),
                            k * LANES + vector * e.lanes(),
                            sums.get(vector).get(k));
                }
            }
            e.ifLess(i, end, () -> e.call(rest, e.reference(0), e.reference(1), row, i, waiting));
            e.call(ends, e.reference(0), e.reference(1), row, waiting);
        });
    }

    /// Folds what there is for each vector of the 16 lanes.
    private void inRegisters(List<List<Numbers>> sums, IntFunction<List<Numbers>> values) {
        for (int vector = 0; vector < sums.size(); vector++) {
            fold(e, sums.get(vector), values.apply(vector * e.lanes()));
        }
    }

    /// A method that folds the last elements of a row, fewer than there are lanes, into sums that wait in memory. Like
    /// [#ends], it is one by itself for HotSpot's first compiler.
    private Emitter rest() {
        Class<?> array = map.type() == Type.FLOAT32 ? float[].class : double[].class;
        Emitter rest =
                made.method("rest", map.type(), map.lanes(), Object[].class, int[].class, int.class, int.class, array);
        List<Place> places = places(rest);
        Int row = rest.integer(2);
        Int i = rest.integer(3);
        Int end = extra(rest, 1);
        places.forEach(place -> place.beginRow(row));
        Int start = rest.times(row, rest.element(rest.reference(1), map.inner()));
        BiConsumer<Emitter, Int> fold =
                (m, at) -> foldInMemory(m, rest.reference(4), m.minus(at, i), values(m, places, start, at));
        if (rest.lanes() == LANES) {
            rest.ifLess(i, end, () -> fold.accept(rest.masked(rest.maskBelow(rest.minus(end, i))), i));
        } else {
            rest.strip(i, end, fold);
        }
        return rest;
    }

    /// A method that combines the lanes of each result and stores what comes out. By itself it is short enough for
    /// HotSpot's first compiler, also with many results.
    private Emitter ends() {
        Class<?> array = map.type() == Type.FLOAT32 ? float[].class : double[].class;
        Emitter ends = made.method("ends", map.type(), map.lanes(), Object[].class, int[].class, int.class, array);
        Ref waiting = ends.reference(3);
        ends.loop(Int.of(0), Int.of(count * LANES), LANES, i -> {
            List<Numbers> sums = IntStream.iterate(0, at -> at < LANES, at -> at + ends.lanes())
                    .mapToObj(at -> ends.load(waiting, i, at))
                    .toList();
            Numbers sum = halved(ends, sums);
            for (int by = ends.lanes() / 2; by > 0; by /= 2) {
                sum = folded(ends, sum, ends.rotated(sum, by));
            }
            ends.single().store(waiting, i, ends.lane(sum, 0));
        });
        for (int k = 0; k < count; k++) {
            int index = map.inputs().size() + k;
            Ref to = ends.element(ends.reference(0), index, map.type());
            Int offset = ends.element(ends.reference(1), index);
            Numbers result = ends.single().load(waiting, Int.of(k * LANES));
            ends.single().store(to, ends.plus(offset, ends.integer(2)), result);
        }
        return ends;
    }

    /// The first half folded with the second, until one is left.
    private Numbers halved(Emitter m, List<Numbers> all) {
        int half = all.size() / 2;
        return half == 0
                ? all.getFirst()
                : halved(
                        m,
                        IntStream.range(0, half)
                                .mapToObj(i -> folded(m, all.get(i), all.get(i + half)))
                                .toList());
    }

    private List<Numbers> variables() {
        return IntStream.range(0, count).mapToObj(k -> e.variable(identity(e))).toList();
    }

    private void fold(Emitter m, List<Numbers> sums, List<Numbers> values) {
        for (int k = 0; k < count; k++) {
            m.set(sums.get(k), folded(m, sums.get(k), values.get(k)));
        }
    }

    private void rowsInMemory() {
        List<Place> places = places();
        Int begin = extra(0);
        Int end = extra(1);
        Ref sums = e.scratch(count * LANES);
        eachRow(places, (row, start) -> {
            e.loop(Int.of(0), Int.of(count * LANES), e.lanes(), i -> e.store(sums, i, identity(e)));
            Int i = e.variable(begin);
            if (reduce.isCheap()) {
                e.proceed(
                        i,
                        e.minus(end, 4 * LANES - 1),
                        4 * LANES,
                        at -> e.loop(
                                Int.of(0),
                                Int.of(LANES),
                                e.lanes(),
                                lane -> foldInMemory(e, sums, lane, groups(places, start, e.plus(at, lane)))));
            }
            e.proceed(
                    i,
                    e.minus(end, LANES - 1),
                    LANES,
                    at -> e.loop(
                            Int.of(0),
                            Int.of(LANES),
                            e.lanes(),
                            lane -> foldInMemory(e, sums, lane, values(e, places, start, e.plus(at, lane)))));
            e.strip(i, end, (m, at) -> foldInMemory(m, sums, m.minus(at, i), values(m, places, start, at)));
            for (int k = 0; k < count; k++) {
                store(k, row, tree(sums, k * LANES));
            }
        });
    }

    private void foldInMemory(Emitter m, Ref sums, Int lane, List<Numbers> values) {
        for (int k = 0; k < count; k++) {
            m.store(sums, lane, k * LANES, folded(m, m.load(sums, lane, k * LANES), values.get(k)));
        }
    }

    private Numbers tree(Ref sums, int from) {
        Emitter one = e.single();
        return halved(
                one,
                IntStream.range(from, from + LANES)
                        .mapToObj(lane -> one.load(sums, Int.of(lane)))
                        .toList());
    }

    /// Goes over some rows column by column, so that the sums stay in registers, and over so few rows that these stay in
    /// the nearest cache. Filling, four rows at a time, one, and the same for the columns behind the last full vector are
    /// methods of their own: HotSpot gives up on many vector instructions in one. An empty range calls them all, too, as
    /// rehearsals want.
    private void columns() {
        Emitter fill = method("fill");
        List<Target> filled = targets(fill);
        fill.strip(fill.integer(2), fill.integer(3), (m, c) -> filled.forEach(to -> to.store(m, c, identity(m))));
        List<Integer> groups = reduce.isCheap() || isLight() ? List.of(GROUP, 1) : List.of(1);
        List<Emitter> whole = groups.stream().map(this::rows).toList();
        List<Emitter> rest = e.lanes() == 1
                ? List.of()
                : groups.stream().map(this::rowsOfRest).toList();
        Int rows = extra(0);
        Int begin = extra(1);
        Int end = extra(2);
        Int slab = e.variable(e.over(e.integer(2), inner));
        Int index = e.variable(e.integer(2));
        e.repeat(index, e.integer(3), 0, ignored -> {
            Int first = e.minus(index, e.times(slab, inner));
            Int last = e.smaller(inner, e.plus(first, e.minus(e.integer(3), index)));
            Int columns = e.minus(last, first);
            Int even = e.minus(last, e.rest(columns, Int.of(e.lanes())));
            Int block = e.times(e.plus(e.over(Int.of(ELEMENTS_OF_BLOCK / GROUP), e.plus(columns, 1)), 1), GROUP);
            Int top = e.times(slab, rows);
            Int row = e.variable(e.plus(top, begin));
            Int bottom = e.plus(top, end);
            e.call(fill, e.reference(0), e.reference(1), first, last, slab, row, bottom);
            for (int i = 0; i < groups.size(); i++) {
                Emitter over = whole.get(i);
                Emitter behind = rest.isEmpty() ? null : rest.get(i);
                Int until = e.minus(bottom, e.rest(e.minus(bottom, row), Int.of(groups.get(i))));
                e.proceed(row, until, 0, ignoredToo -> {
                    Int to = e.smaller(until, e.plus(row, block));
                    call(over, first, even, slab, row, to);
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
        return GROUP * (map.work() + accesses(1)) <= MOST_IN_GROUP;
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

    /// The same for fewer columns than lanes: masked, or one by one where HotSpot's first compiler would give up on so
    /// many masks, and the second one might never see them.
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

    /// How a method folds its rows of some columns.
    private BiConsumer<Emitter, Int> inside(Emitter pass, int group) {
        Int width = pass.element(pass.reference(1), map.inner());
        List<Target> targets = targets(pass);
        List<List<Place>> places =
                Stream.generate(() -> places(pass)).limit(group).toList();
        return (m, c) -> {
            List<Numbers> sums =
                    targets.stream().map(to -> m.variable(to.load(m, c))).toList();
            m.loop(pass.integer(5), pass.integer(6), group, row -> {
                List<List<Numbers>> groups = new ArrayList<>();
                for (int i = 0; i < group; i++) {
                    Int here = m.plus(row, i);
                    List<Place> inRow = places.get(i);
                    inRow.forEach(place -> place.beginRow(here));
                    groups.add(values(m, inRow, m.times(here, width), c));
                }
                if (group > 1 && reduce.isCheap()) {
                    fold(m, sums, four(groups, m));
                } else {
                    groups.forEach(values -> fold(m, sums, values));
                }
            });
            for (int k = 0; k < count; k++) {
                targets.get(k).store(m, c, sums.get(k));
            }
        };
    }
}
