package org.gradus.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// The body of an elementwise op: a list of instructions in single assignment. Registers 0 to `arity - 1` are the
/// arguments, register `arity + i` is the result of instruction `i`; `results` names the registers that leave.
/// Shared terms stand once, and two bodies are equal when their lists are: the list is the key of a kernel.
///
/// A register is a *number*, all of one type that the map chooses, or a *truth value*.
public record Body(int arity, List<Instruction> code, List<Integer> results) {
    /// One step: what to compute, the operands' registers (unused ones are -1), and a constant's value.
    public record Instruction(Code code, int a, int b, int c, double value) {
        /// The register of an operand.
        public int operand(int index) {
            return index == 0 ? a : index == 1 ? b : c;
        }

        private Instruction over(int... registers) {
            return new Instruction(code, moved(a, registers), moved(b, registers), moved(c, registers), value);
        }

        private static int moved(int register, int... registers) {
            return register < 0 ? register : registers[register];
        }
    }

    /// Freezes the lists.
    public Body {
        code = List.copyOf(code);
        results = List.copyOf(results);
    }

    /// The body that `write` describes in terms of its arguments.
    public static Body of(int arity, Function<List<Term>, List<Term>> write) {
        Writer writer = new Writer(arity);
        return writer.finish(write.apply(writer.arguments()));
    }

    /// The number of registers.
    public int registers() {
        return arity + code.size();
    }

    /// Which registers hold truth values, given which arguments do.
    ///
    /// @param name the op's name, for errors
    /// @throws GradusException when an instruction gets a number for a truth value or the other way round
    public boolean[] truths(String name, boolean... arguments) {
        boolean[] truths = Arrays.copyOf(arguments, registers());
        for (int i = 0; i < code.size(); i++) {
            Instruction step = code.get(i);
            Code what = step.code();
            for (int operand = 0; operand < what.arity(); operand++) {
                boolean wanted = what.isLogic() || (what == Code.SELECT && operand == 0);
                boolean free = (what == Code.SELECT && operand > 0) || what == Code.EQUAL;
                boolean given = truths[step.operand(operand)];
                boolean uneven = free && given != truths[step.operand(what.arity() - 1)];
                if (uneven || (!free && wanted != given)) {
                    throw new GradusException(
                            "map-truth",
                            name + ": a " + (given ? "bool" : "number") + " stands where "
                                    + (given ? "a number" : "a bool")
                                    + " is needed. Compare (`greater(x, 0)`) to get a bool, or cast"
                                    + " (`x.to(Type.FLOAT32)`) to get a number.");
                }
            }
            truths[arity + i] = what.isLogic() || what.isComparison() || (what == Code.SELECT && truths[step.b()]);
        }
        return truths;
    }

    /// The first code in here that has no integer form, or `null`.
    public @Nullable Code firstWithoutIntegers() {
        return code.stream()
                .map(Instruction::code)
                .filter(what -> !what.takesIntegers())
                .findFirst()
                .orElse(null);
    }

    /// This body with its literals rounded to `float32`.
    public Body single() {
        return new Body(
                arity,
                code.stream()
                        .map(step -> new Instruction(step.code(), step.a(), step.b(), step.c(), (float) step.value()))
                        .toList(),
                results);
    }

    /// Whether an argument is read by an instruction or is a result.
    public boolean reads(int argument) {
        return results.contains(argument)
                || code.stream().anyMatch(step -> step.a() == argument || step.b() == argument || step.c() == argument);
    }

    /// The same body with some of its results only, over the arguments that these need.
    ///
    /// @param results the registers that leave
    /// @param arguments what is needed, ascending, is added here
    public Body restricted(List<Integer> results, List<Integer> arguments) {
        Writer all = new Writer(arity);
        List<Term> registers = inline(all, all.arguments());
        Body lean = all.finish(results.stream().map(registers::get).toList());
        for (int i = 0; i < arity; i++) {
            if (lean.reads(i)) {
                arguments.add(i);
            }
        }
        Writer writer = new Writer(arguments.size());
        List<Term> given = writer.arguments();
        Term unused = arguments.isEmpty() ? writer.constant(0) : given.get(0);
        List<Term> in = IntStream.range(0, arity)
                .mapToObj(i -> arguments.contains(i) ? given.get(arguments.indexOf(i)) : unused)
                .toList();
        List<Term> terms = lean.inline(writer, in);
        return writer.finish(lean.results().stream().map(terms::get).toList());
    }

    /// The same body with its literals as further arguments, behind the others; only 0 stays in it, and arithmetic of
    /// literals is done here. So bodies that differ in a number, such as one to divide by, are one.
    ///
    /// @param type what the body will compute in
    /// @param literals the values of these arguments are added here
    public Body lifted(Type type, List<Double> literals) {
        @Nullable Double[] known = known(type);
        Set<Double> used = new LinkedHashSet<>();
        for (int i = 0; i < code.size(); i++) {
            Instruction step = code.get(i);
            for (int operand = 0; operand < step.code().arity() && known[arity + i] == null; operand++) {
                used.add(known[step.operand(operand)]);
            }
        }
        results.forEach(register -> used.add(known[register]));
        used.remove(null);
        boolean hasZero = used.remove(0.0);
        literals.addAll(used);
        int more = arity + used.size();
        List<Instruction> steps = new ArrayList<>();
        if (hasZero) {
            steps.add(new Instruction(Code.CONSTANT, -1, -1, -1, 0));
        }
        List<Double> values = List.copyOf(used);
        int[] registers = IntStream.range(0, registers()).toArray();
        for (int i = 0; i < code.size(); i++) {
            Double value = known[arity + i];
            if (value == null) {
                registers[arity + i] = more + steps.size();
                steps.add(code.get(i).over(registers));
            } else {
                registers[arity + i] = value.equals(0.0) ? more : arity + values.indexOf(value);
            }
        }
        return new Body(more, steps, results.stream().map(r -> registers[r]).toList());
    }

    /// What is known of the registers before anything is computed, to the last bit.
    private @Nullable Double[] known(Type type) {
        @Nullable Double[] known = new Double[registers()];
        for (int i = 0; i < code.size(); i++) {
            Instruction step = code.get(i);
            Double a = step.a() < 0 ? Double.valueOf(step.value()) : known[step.a()];
            Double b = step.b() < 0 ? a : known[step.b()];
            if (a != null && b != null) {
                Double value = switch (step.code()) {
                    case CONSTANT -> a;
                    case NEG -> -a;
                    case ADD -> a + b;
                    case SUB -> a - b;
                    case MUL -> a * b;
                    case DIV -> a / b;
                    default -> null;
                };
                known[arity + i] = value == null || type != Type.FLOAT32 ? value : Double.valueOf(value.floatValue());
            }
        }
        return known;
    }

    /// The results of this body for terms of another body that is being written: how bodies are composed.
    ///
    /// @param arguments as many as the arity, at least one
    public List<Term> applied(List<Term> arguments) {
        List<Term> registers = inline(arguments.get(0).writer, arguments);
        return results.stream().map(registers::get).toList();
    }

    /// This body followed by nothing but other results, for composing: its terms written into `writer` with these
    /// arguments.
    List<Term> inline(Writer writer, List<Term> arguments) {
        List<Term> registers = new ArrayList<>(arguments);
        for (Instruction step : code) {
            registers.add(
                    step.code() == Code.CONSTANT
                            ? writer.constant(step.value())
                            : writer.term(
                                    step.code(),
                                    IntStream.range(0, step.code().arity())
                                            .mapToObj(i -> registers.get(step.operand(i)))
                                            .toArray(Term[]::new)));
        }
        return registers;
    }

    @Override
    public String toString() {
        String steps = IntStream.range(0, code.size())
                .mapToObj(i -> "%" + (arity + i) + " = " + text(code.get(i)))
                .collect(Collectors.joining("; "));
        return steps
                + (steps.isEmpty() ? "" : "; ")
                + results.stream().map(r -> "%" + r).collect(Collectors.joining(", "));
    }

    private static String text(Instruction step) {
        return step.code() == Code.CONSTANT
                ? Double.toString(step.value())
                : IntStream.range(0, step.code().arity())
                        .mapToObj(i -> " %" + step.operand(i))
                        .collect(Collectors.joining("", step.code().name().toLowerCase(java.util.Locale.ROOT), ""));
    }
}
