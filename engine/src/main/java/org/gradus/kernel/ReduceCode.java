package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
    private static final int LINE = 64; // bytes of a line of the cache
    static final int GROUP = 4; // vectors or rows that a cheap body combines first

    final ReduceKernel reduce;
    final MapKernel map;
    final Emitter e;
    final KernelClass<Kernel> made;
    private final List<Ref> results = new ArrayList<>();
    private final List<Int> offsets = new ArrayList<>();
    final Int inner;
    final int count;

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
            new ReduceColumns(this).emit();
        } else if (!map.type().isFloating()) {
            integerRows();
        } else if (map.lanes() > LANES / 4) {
            rowsInRegisters();
        } else {
            rowsInMemory();
        }
        return made.define();
    }

    Int extra(int index) {
        return extra(e, index);
    }

    private Int extra(Emitter m, int index) {
        return m.element(m.reference(1), reduce.extra() + index);
    }

    private List<Place> places() {
        return places(e);
    }

    List<Place> places(Emitter m) {
        return IntStream.range(0, map.inputs().size())
                .mapToObj(i -> new Place(m, map, i))
                .toList();
    }

    /// The body's results for elements of a row.
    List<Numbers> values(Emitter m, List<Place> places, Int start, Int inRow) {
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

    Numbers identity(Emitter m) {
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

    /// The values of groups, combined pairwise.
    List<Numbers> combined(List<List<Numbers>> groups, Emitter m) {
        List<List<Numbers>> all = groups;
        while (all.size() > 1) {
            List<List<Numbers>> pairs = new ArrayList<>();
            for (int i = 0; i < all.size(); i += 2) {
                List<Numbers> a = all.get(i);
                List<Numbers> b = all.get(i + 1);
                pairs.add(IntStream.range(0, count)
                        .mapToObj(k -> folded(m, a.get(k), b.get(k)))
                        .toList());
            }
            all = pairs;
        }
        return all.getFirst();
    }

    /// The values of some groups from an element on, combined.
    private List<Numbers> groups(List<Place> places, Int start, Int from) {
        return combined(
                IntStream.range(0, reduce.groups())
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
        Ref waiting = e.scratch(count * LANES + 1);
        List<Place> places = places();
        Int begin = extra(0);
        Int end = extra(1);
        int many = reduce.groups() * LANES;
        Int last = e.minus(e.times(e.integer(3), inner), many);
        Numbers touched = e.single().variable(e.single().constant(0));
        eachRow(places, (row, start) -> {
            List<List<Numbers>> sums = IntStream.iterate(0, at -> at < LANES, at -> at + e.lanes())
                    .mapToObj(_ -> variables())
                    .toList();
            Int i = e.variable(begin);
            if (reduce.groups() > 1) {
                e.proceed(i, e.minus(end, many - 1), many, at -> {
                    touch(places, e.smaller(e.plus(start, e.plus(at, 2 * line())), last), touched);
                    inRegisters(sums, lane -> groups(places, start, e.plus(at, lane)));
                });
                e.single().store(waiting, Int.of(count * LANES), touched);
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

    /// Reads a number of each line that comes two lines later. Their sum is of no use. But memory hears of these lines too
    /// late from vectors alone, which lie in two lines wherever an array does not begin at one: with data far away, folds of
    /// two arrays take a third less time.
    private void touch(List<Place> places, Int from, Numbers touched) {
        Emitter one = e.single();
        IntStream.iterate(0, at -> at < reduce.groups() * LANES, at -> at + line())
                .boxed()
                .flatMap(at -> places.stream().flatMap(place -> place.first(one, e.plus(from, at)).stream()))
                .reduce(one::plus)
                .ifPresent(sum -> one.set(touched, one.plus(touched, sum)));
    }

    private int line() {
        return LINE / map.type().bytes();
    }

    /// Folds what there is for each vector of the 16 lanes.
    private void inRegisters(List<List<Numbers>> sums, IntFunction<List<Numbers>> values) {
        for (int vector = 0; vector < sums.size(); vector++) {
            fold(e, sums.get(vector), values.apply(vector * e.lanes()));
        }
    }

    /// A method that folds the last elements of a row, fewer than there are lanes, into sums that wait in memory. Like
    /// [#ends], it is one by itself: HotSpot makes short methods sooner.
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

    /// A method that combines the lanes of each result and stores what comes out.
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

    void fold(Emitter m, List<Numbers> sums, List<Numbers> values) {
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
            if (reduce.groups() > 1) {
                int many = reduce.groups() * LANES;
                e.proceed(
                        i,
                        e.minus(end, many - 1),
                        many,
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
}
