package org.gradus.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.expr.Body.Instruction;
import org.jspecify.annotations.Nullable;

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
        Double exponent = what == Code.POW ? literal(operands[1]) : null;
        Term power = exponent == null ? null : power(operands[0], exponent);
        if (power != null) {
            return power;
        }
        return add(new Instruction(
                what,
                operands[0].register,
                operands.length > 1 ? operands[1].register : -1,
                operands.length > 2 ? operands[2].register : -1,
                0));
    }

    /// The number that a term is known to be, or `null`.
    @Nullable Double literal(Term term) {
        Instruction made = instruction(term.register);
        return made != null && made.code() == Code.CONSTANT ? made.value() : null;
    }

    /// A power by products, roots and quotients, where that is as exact and shorter; else `null`. As in PyTorch, a root
    /// of -∞ is NaN.
    private static @Nullable Term power(Term x, double exponent) {
        if (exponent == 0) {
            return x.literal(1);
        } else if (exponent == 1) {
            return x;
        } else if (exponent == 2) {
            return x.squared();
        } else if (exponent == 3) {
            return x.squared().times(x);
        } else if (exponent == -1) {
            return x.literal(1).div(x);
        } else if (exponent == -2) {
            return x.literal(1).div(x).squared(); // x² might leave the range of numbers
        } else if (exponent == 0.5) {
            return x.plus(0).sqrt(); // makes 0 of -0
        } else if (exponent == -0.5) {
            return x.plus(0).with(Code.RSQRT);
        }
        return null;
    }

    /// The instruction behind a register, or `null` for an argument.
    @Nullable Instruction instruction(int register) {
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
