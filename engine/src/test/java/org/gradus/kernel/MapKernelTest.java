package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Body.Instruction;
import org.gradus.expr.Code;
import org.gradus.expr.Evaluation;
import org.gradus.expr.Term;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;
import org.junit.jupiter.api.Test;

/// Elementwise kernels against the interpreter, in all forms, sizes and patterns of access.
class MapKernelTest {
    private static final Code[] EXACT = {Code.ADD, Code.SUB, Code.MUL, Code.MIN, Code.MAX, Code.NEG, Code.ABS};
    private static final Code[] CLOSE = {
        Code.DIV, Code.EXP, Code.TANH, Code.SIGMOID, Code.LOG1P, Code.ERF, Code.SIN, Code.EXPM1, Code.FLOOR
    };

    /// Each register of a random body is checked against the interpreter, given what the kernel made of the operands:
    /// so the bound is the error of one instruction.
    @Test
    void randomBodiesAgreeWithTheInterpreter() {
        long seed = Long.getLong("gradus.seed", 20260101L);
        System.out.println("MapKernelTest: -Dgradus.seed=" + seed);
        for (int round = 0; round < 60; round++) {
            Random random = new Random(seed + round);
            Type type = random.nextBoolean() ? Type.FLOAT32 : Type.FLOAT64;
            Body lean = randomBody(random, 2 + random.nextInt(40));
            List<Integer> all = IntStream.range(0, lean.registers()).boxed().toList();
            Body open = new Body(lean.arity(), lean.code(), all);
            int count = Forms.SIZES[random.nextInt(Forms.SIZES.length)];
            Object[] inputs = new Object[lean.arity()];
            Arrays.setAll(inputs, i -> Forms.random(type, count, random, true));
            boolean[] truths = open.truths("test", new boolean[lean.arity()]);
            Object[] first = run(open, type, inputs, count, 1);
            for (int i = 0; i < count; i++) {
                check(lean, type, first, truths, i, seed + round);
            }
            for (int lanes : Forms.lanes(type)) {
                Object[] other = run(lean, type, inputs, count, lanes);
                for (int k = 0; k < lean.results().size(); k++) {
                    assertThat(Forms.hash(other[k]))
                            .as("seed %s, %s lanes, result %s of %s", seed + round, lanes, k, lean)
                            .isEqualTo(Forms.hash(first[lean.results().get(k)]));
                }
            }
        }
    }

    private static void check(Body body, Type type, Object[] registers, boolean[] truths, int i, long seed) {
        for (int k = 0; k < body.code().size(); k++) {
            Instruction step = body.code().get(k);
            double[] x = new double[3];
            for (int operand = 0; operand < step.code().arity(); operand++) {
                x[operand] = Forms.get(registers[step.operand(operand)], i);
            }
            x[0] = step.code() == Code.CONSTANT ? step.value() : x[0];
            double truth = Evaluation.value(step.code(), x[0], x[1], x[2]);
            double value = Forms.get(registers[body.arity() + k], i);
            double rounded = type == Type.FLOAT32 ? (float) truth : truth;
            double ulp = type == Type.FLOAT32 ? Math.ulp((float) truth) : Math.ulp(truth);
            boolean exact = !Arrays.asList(CLOSE).contains(step.code()) || !Double.isFinite(rounded);
            boolean fits = exact
                    ? Double.doubleToLongBits(rounded) == Double.doubleToLongBits(value)
                    : Math.abs(value - truth) <= 2.5 * ulp;
            if (!fits && !truths[body.arity() + k]) {
                assertThat(value)
                        .as("seed %s, element %s, %s of %s", seed, i, step, Arrays.toString(x))
                        .isEqualTo(rounded);
            }
        }
    }

    private static Body randomBody(Random random, int length) {
        return Body.of(3, arguments -> {
            List<Term> numbers = new ArrayList<>(arguments);
            for (int i = 0; i < length; i++) {
                Term a = numbers.get(random.nextInt(numbers.size()));
                Term b = numbers.get(random.nextInt(numbers.size()));
                Code[] from = random.nextInt(4) == 0 ? CLOSE : EXACT;
                Code code = from[random.nextInt(from.length)];
                numbers.add(
                        switch (random.nextInt(12)) {
                            case 0 -> a.less(b).select(b, a);
                            case 1 -> a.literal((float) random.nextGaussian());
                            case 2 -> a.lessEqual(0).or(b.same(a).not()).select(a, 0.5);
                            default -> code.arity() == 1 ? a.with(code) : a.with(code, b);
                        });
            }
            return List.of(numbers.get(numbers.size() - 1), numbers.get(numbers.size() / 2));
        });
    }

    private static Object[] run(Body body, Type type, Object[] inputs, int count, int lanes) {
        List<Input> flat =
                Arrays.stream(inputs).map(x -> new Input(type, Access.FLAT)).toList();
        MapKernel map = new MapKernel(body, type, flat, 0, lanes);
        boolean[] truths = map.truths();
        Object[] arrays = Arrays.copyOf(inputs, inputs.length + body.results().size());
        for (int k = 0; k < body.results().size(); k++) {
            Type result = truths[body.results().get(k)] ? Type.BOOL : type;
            arrays[inputs.length + k] = Forms.random(result, count, new Random(9), false);
        }
        map.kernel().run(arrays, new int[arrays.length], 0, count);
        return Arrays.copyOfRange(arrays, inputs.length, arrays.length);
    }

    /// All accesses at once, parts of the range, offsets: against the same elements gathered first.
    @Test
    void everyAccessReadsTheRightElements() {
        Body body = Body.of(
                6,
                x -> List.of(
                        x.get(0)
                                .times(x.get(1))
                                .plus(x.get(2))
                                .minus(x.get(3).times(x.get(4)))
                                .plus(x.get(5)),
                        x.get(2).less(x.get(3))));
        Random random = new Random(5);
        for (Type type : List.of(Type.FLOAT32, Type.FLOAT64, Type.INT32, Type.INT64)) {
            for (int axes = 1; axes <= 4; axes++) {
                for (int inner : new int[] {1, 3, 16, 37}) {
                    for (boolean step : new boolean[] {false, true}) {
                        accesses(body, type, axes, inner, step, random);
                    }
                }
            }
        }
    }

    private static void accesses(Body body, Type type, int axes, int inner, boolean step, Random random) {
        int[] sizes = Arrays.copyOf(new int[] {3, 2, 4, 2}, axes);
        int rows = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        int count = rows * inner;
        Access last = step ? Access.STEP : Access.FLAT;
        List<Access> accesses = List.of(Access.FLAT, Access.SCALAR, Access.RUN, Access.SAME, Access.RUN, last);
        List<Input> inputs = accesses.stream().map(a -> new Input(type, a)).toList();
        Object[] arrays = new Object[8];
        Object[] gathered = new Object[8];
        int[] offsets = random.ints(8, 0, 20).toArray();
        List<Integer> numbers = new ArrayList<>(Arrays.stream(offsets).boxed().toList());
        numbers.add(inner);
        Arrays.stream(sizes).skip(1).forEach(numbers::add);
        for (int x = 0; x < 6; x++) {
            int[] strides = random.ints(axes, 0, 50).toArray();
            int along = 1 + random.nextInt(3);
            arrays[x] = Forms.random(type, 3000, random, false);
            gathered[x] = Forms.random(type, count, random, false);
            Access access = accesses.get(x);
            for (int i = 0; i < count; i++) {
                int place = offsets[x];
                int rest = i / inner;
                for (int axis = axes - 1; axis >= 0; axis--) {
                    place += rest % sizes[axis] * strides[axis];
                    rest /= sizes[axis];
                }
                int at = switch (access) {
                    case FLAT -> offsets[x] + i;
                    case SCALAR -> offsets[x];
                    case RUN -> place + i % inner;
                    case SAME -> place;
                    case STEP -> place + i % inner * along;
                };
                System.arraycopy(arrays[x], at, gathered[x], i, 1);
            }
            if (access.isByRow()) {
                Arrays.stream(strides).forEach(numbers::add);
            }
            if (access == Access.STEP) {
                numbers.add(along);
            }
        }
        gathered[6] = Forms.random(type, count, random, false);
        gathered[7] = new boolean[count];
        List<Input> flat =
                accesses.stream().map(a -> new Input(type, Access.FLAT)).toList();
        new MapKernel(body, type, flat, 0, 1).kernel().run(gathered, new int[8], 0, count);
        int[] all = numbers.stream().mapToInt(n -> n).toArray();
        for (int lanes : Forms.lanes(type)) {
            arrays[6] = Forms.random(type, 3000, new Random(1), false);
            arrays[7] = new boolean[3000];
            Kernel kernel = new MapKernel(body, type, inputs, axes, lanes).kernel();
            int cut = random.nextInt(count + 1);
            kernel.run(arrays, all, 0, cut);
            kernel.run(arrays, all, cut, count);
            Object untouched = Forms.random(type, 3000, new Random(1), false);
            for (int i = 0; i < 3000; i++) {
                int at = i - offsets[6];
                boolean inside = at >= 0 && at < count;
                assertThat(Forms.bits(arrays[6], i))
                        .as("%s, %s lanes, %s axes, rows of %s, element %s", type, lanes, axes, inner, at)
                        .isEqualTo(inside ? Forms.bits(gathered[6], at) : Forms.bits(untouched, i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(Forms.get(arrays[7], offsets[7] + i)).isEqualTo(Forms.get(gathered[7], i));
            }
        }
    }

    @Test
    void longBodiesAreCutAndMayWorkInPlace() {
        Body body = Body.of(2, x -> {
            Term value = x.get(0);
            Term kept = x.get(0).less(x.get(1));
            for (int i = 0; i < 12; i++) {
                value = value.tanh().plus(x.get(1).sigmoid().times(i)).exp().log1p();
            }
            return List.of(kept.select(value, x.get(0)), value.minus(x.get(1)));
        });
        Input flat = new Input(Type.FLOAT32, Access.FLAT);
        long[] hashes = new long[2];
        for (int lanes : Forms.lanes(Type.FLOAT32)) {
            Object x = Forms.random(Type.FLOAT32, 5000, new Random(1), true);
            Object y = Forms.random(Type.FLOAT32, 5000, new Random(2), true);
            Kernel kernel = new MapKernel(body, Type.FLOAT32, List.of(flat, flat), 0, lanes).kernel();
            kernel.run(new Object[] {x, y, x, y}, new int[4], 3, 4990);
            if (lanes > 1) {
                assertThat(new long[] {Forms.hash(x), Forms.hash(y)}).isEqualTo(hashes);
            }
            hashes = new long[] {Forms.hash(x), Forms.hash(y)};
        }
    }

    @Test
    void castsReadOtherTypes() {
        Body body = Body.of(1, List::copyOf);
        Input doubles = new Input(Type.FLOAT64, Access.FLAT);
        int[] y = new int[4];
        double[] x = {-1.9, 1e20, Double.NaN, 7};
        new MapKernel(body, Type.INT32, List.of(doubles), 0).kernel().run(new Object[] {x, y}, new int[2], 0, 4);
        assertThat(y).containsExactly(-1, Integer.MAX_VALUE, 0, 7);
        Input longs = new Input(Type.INT64, Access.FLAT);
        float[] z = new float[2];
        new MapKernel(body, Type.FLOAT32, List.of(longs), 0)
                .kernel()
                .run(new Object[] {new long[] {3, -5}, z}, new int[2], 0, 2);
        assertThat(z).containsExactly(3, -5);
    }

    @Test
    void equalDescriptionsShareOneKernel() {
        Input flat = new Input(Type.FLOAT32, Access.FLAT);
        Kernel first = new MapKernel(Body.of(1, x -> List.of(x.get(0).exp())), Type.FLOAT32, List.of(flat), 0).kernel();
        Kernel second =
                new MapKernel(Body.of(1, x -> List.of(x.get(0).exp())), Type.FLOAT32, List.of(flat), 0).kernel();
        assertThat(first).isSameAs(second);
    }
}
