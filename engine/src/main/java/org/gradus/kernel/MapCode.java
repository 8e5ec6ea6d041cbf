package org.gradus.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Body.Instruction;
import org.gradus.expr.Code;
import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// The class of an elementwise kernel under construction.
///
/// HotSpot compiles a loop well only up to a certain length; and where each instruction needs the one before, the processor
/// goes on with the next vectors meanwhile, but only with as many as its queues hold. So a body that is long or deep is cut
/// into parts of limited length; a part is a method with one loop, and they take turns over blocks of a fixed length.
/// Registers that a later part needs wait in a scratch array. All results are written in the last part, because an earlier
/// write might hit an input of a later part.
final class MapCode {
    /// How many emitter instructions a loop may have. The Vector API's inlining makes some hundred nodes of each, twice
    /// because of the masked rest, and beyond 18,000 nodes HotSpot no longer inlines it all: boxes remain.
    private static final int LONGEST = 60;

    /// The same with truth values, whose way into memory is longer.
    private static final int LONGEST_WITH_TRUTHS = 40;

    /// The same for a loop alone, in which no register waits in memory.
    private static final int LONGEST_ALONE = 130;

    /// How many of a loop alone may need each other. Two sigmoids one after the other take 1.5 times as long in one loop as in
    /// two. Side by side they take less, above all with memory to be waited for, since a part that waits keeps the next one
    /// from computing.
    private static final int DEEPEST_ALONE = 70;

    /// How many arrays may be read and written with masks, with much code for each; of more, the rest of a strip goes one by
    /// one.
    private static final int MOST_MASKED = 7;

    /// The elements of a block.
    private static final int BLOCK = 1024;

    /// From the block of a register that waits to the next one's: where it was a multiple of a page, all of them would take turns
    /// in the same few places of the cache.
    private static final int APART = BLOCK + 32;

    private final MapKernel map;
    private final Body body;
    private final boolean[] truths;
    private final boolean hasTruths;
    private final KernelClass<Kernel> made;

    /// Instructions `from` to `to`, with the registers that come in from and go out to other parts.
    private record Part(int from, int to, BitSet in, BitSet out) {}

    MapCode(MapKernel map) {
        this.map = map;
        this.body = map.body();
        this.truths = map.truths();
        this.hasTruths = map.inputs().stream().anyMatch(x -> x.type() == Type.BOOL)
                || body.results().stream().anyMatch(register -> truths[register]);
        this.made = new KernelClass<>(Kernel.class, map.lanes() == 1 ? "plainMap" : "map");
    }

    Kernel define() {
        Emitter run = made.method(map.type(), map.lanes());
        List<Part> parts = parts();
        if (parts.size() == 1) {
            loop(run, parts.get(0), new BitSet(), null);
            return made.define();
        }
        BitSet waiting = new BitSet();
        parts.forEach(part -> waiting.or(part.out));
        Ref scratch = run.scratch(waiting.cardinality() * APART);
        List<Emitter> methods = new ArrayList<>();
        Class<?> array = map.type() == Type.FLOAT32 ? float[].class : double[].class;
        for (Part part : parts) {
            Emitter method = made.method(
                    "part" + methods.size(),
                    map.type(),
                    map.lanes(),
                    Object[].class,
                    int[].class,
                    int.class,
                    int.class,
                    array);
            loop(method, part, waiting, method.reference(4));
            methods.add(method);
        }
        run.repeat(
                run.variable(run.integer(2)),
                run.integer(3),
                BLOCK,
                block -> { // also an empty range, in rehearsals
                    Int end = run.smaller(run.plus(block, BLOCK), run.integer(3));
                    methods.forEach(
                            method -> run.call(method, run.reference(0), run.reference(1), block, end, scratch));
                });
        return made.define();
    }

    private List<Part> parts() {
        int count = body.code().size();
        boolean alone = !map.type().isFloating() // one step of an integer body is one instruction
                || cuts(hasTruths ? LONGEST_WITH_TRUTHS : LONGEST_ALONE, DEEPEST_ALONE)
                        .isEmpty();
        List<Integer> ends = alone ? new ArrayList<>() : cuts(hasTruths ? LONGEST_WITH_TRUTHS : LONGEST, LONGEST);
        ends.add(count);
        return IntStream.range(0, ends.size())
                .mapToObj(i -> part(i == 0 ? 0 : ends.get(i - 1), ends.get(i)))
                .toList();
    }

    /// Before which instructions parts of limited length and depth have to begin.
    private List<Integer> cuts(int longest, int deepest) {
        List<Integer> cuts = new ArrayList<>();
        int length = 0;
        int[] depths = new int[body.registers()];
        for (int i = 0; i < body.code().size(); i++) {
            Instruction step = body.code().get(i);
            int size = size(step.code());
            int depth = size + depth(step, depths);
            if (length > 0 && (length + size > longest || depth > deepest)) {
                cuts.add(i);
                length = 0;
                Arrays.fill(depths, 0);
                depth = size;
            }
            length += size;
            depths[body.arity() + i] = depth;
        }
        return cuts;
    }

    /// The depth of what an instruction reads.
    private static int depth(Instruction step, int[] depths) {
        return IntStream.range(0, step.code().arity())
                .map(operand -> depths[step.operand(operand)])
                .max()
                .orElse(0);
    }

    private Part part(int from, int to) {
        boolean last = to == body.code().size();
        BitSet read = read(from, to, last);
        BitSet readLater = new BitSet();
        if (!last) {
            readLater = read(to, body.code().size(), true);
        }
        BitSet in = new BitSet();
        BitSet out = new BitSet();
        for (int i = 0; i < body.code().size(); i++) {
            int register = body.arity() + i;
            boolean literal = body.code().get(i).code() == Code.CONSTANT;
            in.set(register, !literal && i < from && read.get(register));
            out.set(register, !literal && i >= from && i < to && readLater.get(register));
        }
        return new Part(from, to, in, out);
    }

    /// The registers that some instructions read, and with `results` those that leave.
    private BitSet read(int from, int to, boolean results) {
        BitSet read = new BitSet();
        for (Instruction step : body.code().subList(from, to)) {
            for (int operand = 0; operand < step.code().arity(); operand++) {
                read.set(step.operand(operand));
            }
        }
        if (results) {
            body.results().forEach(read::set);
        }
        return read;
    }

    /// How many emitter instructions a code takes.
    private int size(Code code) {
        Emitter trial = new KernelClass<>(Kernel.class, "trial").method(map.type(), map.lanes());
        Value x = code.isLogic() ? new Mask(9) : new Numbers(9);
        Value first = code == Code.SELECT ? new Mask(9) : x;
        int steps = trial.size();
        Body one = new Body(3, List.of(new Instruction(code, 0, 1, 2, 0)), List.of());
        if (code != Code.CONSTANT) {
            BodyCode.results(trial, one, List.of(first, x, x));
        }
        return Math.max(1, trial.size() - steps);
    }

    private void loop(Emitter e, Part part, BitSet waiting, @Nullable Ref scratch) {
        boolean last = part.to == body.code().size();
        BitSet read = read(part.from, part.to, last);
        Int from = e.integer(2);
        Int to = e.integer(3);
        @Nullable Place[] places = new Place[body.arity()];
        for (int i = 0; i < places.length; i++) {
            if (read.get(i)) {
                places[i] = new Place(e, map, i);
            }
        }
        List<Ref> results = new ArrayList<>();
        List<Int> offsets = new ArrayList<>();
        for (int i = 0; i < body.results().size() && last; i++) {
            int index = body.arity() + i;
            Type type = truths[body.results().get(i)] ? Type.BOOL : map.type();
            results.add(e.element(e.reference(0), index, type));
            offsets.add(e.element(e.reference(1), index));
        }
        Inside inside = (m, i, rowStart) -> {
            Value[] registers = new Value[body.registers()];
            Emitter wide = m.isTail() ? e : m; // behind a block there is room for a vector
            for (int k = 0; k < places.length; k++) {
                Place place = places[k];
                if (place != null) {
                    registers[k] = place.load(m, i, m.minus(i, rowStart));
                }
            }
            for (int k = body.arity(); k < registers.length; k++) {
                if (k < body.arity() + part.from
                        && body.code().get(k - body.arity()).code() == Code.CONSTANT) {
                    registers[k] = m.constant(body.code().get(k - body.arity()).value());
                } else if (part.in.get(k) && scratch != null) {
                    Numbers value = wide.load(scratch, m.minus(i, from), place(waiting, k));
                    registers[k] = truths[k] ? m.compare(value, Comparison.NE, m.constant(0)) : value;
                }
            }
            BodyCode.write(m, body, part.from, part.to, registers);
            for (int k = part.out.nextSetBit(0); k >= 0 && scratch != null; k = part.out.nextSetBit(k + 1)) {
                Numbers value = registers[k] instanceof Mask mask
                        ? m.select(mask, m.constant(1), m.constant(0))
                        : (Numbers) registers[k];
                wide.store(scratch, m.minus(i, from), place(waiting, k), value);
            }
            for (int k = 0; k < results.size(); k++) {
                Int at = m.plus(i, offsets.get(k));
                if (registers[body.results().get(k)] instanceof Mask mask) {
                    m.storeTruth(results.get(k), at, mask);
                } else {
                    m.store(results.get(k), at, (Numbers)
                            registers[body.results().get(k)]);
                }
            }
        };
        if (map.axes() == 0) {
            strip(e, from, to, (m, i) -> inside.write(m, i, Int.of(0)));
        } else {
            rows(e, from, to, places, inside);
        }
    }

    private static int place(BitSet waiting, int register) {
        return waiting.get(0, register).cardinality() * APART;
    }

    /// Loops over the rows that a range touches; the first and the last may be cut.
    private void rows(Emitter e, Int from, Int to, @Nullable Place[] places, Inside inside) {
        Int inner = e.element(e.reference(1), map.inner());
        List<Int> sizes = new ArrayList<>();
        for (int axis = 1; axis < map.axes(); axis++) {
            sizes.add(e.element(e.reference(1), map.inner() + axis));
        }
        Int row = e.variable(e.over(from, inner));
        Int start = e.variable(e.times(row, inner));
        Int index = e.variable(from);
        e.proceed(index, to, 0, ignored -> {
            Int[] indices = new Int[map.axes()];
            Int rest = row;
            for (int axis = map.axes() - 1; axis > 0; axis--) {
                indices[axis] = e.rest(rest, sizes.get(axis - 1));
                rest = e.over(rest, sizes.get(axis - 1));
            }
            indices[0] = rest;
            for (Place place : places) {
                if (place != null) {
                    place.beginRow(indices);
                }
            }
            Int next = e.plus(start, inner);
            Int end = e.smaller(next, to);
            strip(e, index, end, (m, i) -> inside.write(m, i, start));
            e.set(index, end);
            e.set(start, next);
            e.increment(row, 1);
        });
    }

    private void strip(Emitter e, Int from, Int to, BiConsumer<Emitter, Int> inside) {
        if (hasTruths || body.arity() + body.results().size() > MOST_MASKED) {
            e.stripSingly(from, to, inside);
        } else {
            e.strip(from, to, inside);
        }
    }

    /// The inside of the innermost loop.
    private interface Inside {
        /// @param rowStart the first element of the row
        void write(Emitter e, Int index, Int rowStart);
    }
}
