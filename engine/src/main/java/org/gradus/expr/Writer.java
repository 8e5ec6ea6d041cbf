package org.gradus.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.expr.Body.Instruction;

/// A body being written. An instruction that stands there already is found again instead of written twice.
final class Writer {
    private final int arity;
    private final List<Instruction> code = new ArrayList<>();
    private final Map<Instruction, Integer> known = new HashMap<>();

    Writer(int arity) {
        this.arity = arity;
    }

    List<Term> arguments() {
        return IntStream.range(0, arity).mapToObj(i -> new Term(this, i)).toList();
    }

    Term constant(double value) {
        return add(new Instruction(Code.CONSTANT, -1, -1, -1, value));
    }

    Term term(Code what, Term... operands) {
        for (Term operand : operands) {
            if (operand.writer != this) {
                throw new IllegalArgumentException("A term of another body was used in " + what + ".");
            }
        }
        return add(new Instruction(
                what,
                operands[0].register,
                operands.length > 1 ? operands[1].register : -1,
                operands.length > 2 ? operands[2].register : -1,
                0));
    }

    /// The instruction behind a register, or `null` for an argument.
    @org.jspecify.annotations.Nullable Instruction instruction(int register) {
        return register < arity ? null : code.get(register - arity);
    }

    /// The body with these results, without instructions that nothing uses.
    Body finish(List<Term> results) {
        boolean[] used = new boolean[arity + code.size()];
        results.forEach(result -> used[result.register] = true);
        for (int i = code.size() - 1; i >= 0; i--) {
            Instruction step = code.get(i);
            for (int operand = 0; used[arity + i] && operand < step.code().arity(); operand++) {
                used[step.operand(operand)] = true;
            }
        }
        int[] place = new int[used.length];
        List<Instruction> kept = new ArrayList<>();
        for (int register = 0; register < used.length; register++) {
            if (register < arity) {
                place[register] = register;
            } else if (used[register]) {
                place[register] = arity + kept.size();
                Instruction step = code.get(register - arity);
                kept.add(new Instruction(
                        step.code(),
                        moved(place, step.a()),
                        moved(place, step.b()),
                        moved(place, step.c()),
                        step.value()));
            }
        }
        return new Body(
                arity,
                kept,
                results.stream().map(result -> place[result.register]).toList());
    }

    private static int moved(int[] place, int register) {
        return register < 0 ? -1 : place[register];
    }

    private Term add(Instruction step) {
        int register = known.computeIfAbsent(step, s -> {
            code.add(s);
            return arity + code.size() - 1;
        });
        return new Term(this, register);
    }
}
