package org.gradus.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.expr.Body.Instruction;
import org.jspecify.annotations.Nullable;

/// The derivatives of a [Formula] as bodies, in both modes. Both walk the instruction list once with the partials of
/// each step, so shared terms stay shared and the cost is a small multiple of the formula's own.
///
/// A partial that is a constant, or a choice between constants, is applied without multiplying: what a `select` shuts
/// out is 0 even where the factor would have been infinite.
public final class Derivative {
    private Derivative() {}

    /// Reverse mode: the body over (arguments, results, cotangents of those results in `driven`) that gives the
    /// cotangents of those arguments in `wanted`. Results are arguments here, so nothing is computed again that was a
    /// result.
    public static Body reverse(Formula formula, List<Integer> driven, List<Integer> wanted) {
        Body body = formula.body();
        int given = body.arity() + body.results().size();
        Writer writer = new Writer(given + driven.size());
        List<Term> in = writer.arguments();
        List<Term> values = values(body, writer, in);
        @Nullable Term[] cotangents = new @Nullable Term[body.registers()];
        List<@Nullable Term> stated = stated(formula, writer, values);
        for (int d = 0; d < driven.size(); d++) {
            Term cotangent = in.get(given + d);
            if (stated.isEmpty()) {
                int register = body.results().get(driven.get(d));
                cotangents[register] = sum(cotangents[register], cotangent);
            } else {
                for (int i = 0; i < body.arity(); i++) {
                    Term partial = stated.get(driven.get(d) * body.arity() + i);
                    cotangents[i] = sum(cotangents[i], scaled(cotangent, partial));
                }
            }
        }
        for (int i = body.code().size() - 1; i >= 0; i--) {
            Instruction step = body.code().get(i);
            Term cotangent = cotangents[body.arity() + i];
            for (int operand = 0; cotangent != null && operand < step.code().arity(); operand++) {
                int register = step.operand(operand);
                Term partial = partial(body, values, i, operand);
                cotangents[register] = sum(cotangents[register], scaled(cotangent, partial));
            }
        }
        return writer.finish(wanted.stream()
                .map(argument -> orZero(writer, cotangents[argument]))
                .toList());
    }

    /// Forward mode: the body over (arguments, results, tangents of those arguments in `moved`) that gives the tangents
    /// of those results in `wanted`.
    public static Body forward(Formula formula, List<Integer> moved, List<Integer> wanted) {
        Body body = formula.body();
        int given = body.arity() + body.results().size();
        Writer writer = new Writer(given + moved.size());
        List<Term> in = writer.arguments();
        List<Term> values = values(body, writer, in);
        @Nullable Term[] tangents = new @Nullable Term[body.registers()];
        for (int m = 0; m < moved.size(); m++) {
            tangents[moved.get(m)] = in.get(given + m);
        }
        List<@Nullable Term> stated = stated(formula, writer, values);
        if (!stated.isEmpty()) {
            return writer.finish(wanted.stream()
                    .map(result -> {
                        @Nullable Term tangent = null;
                        for (int i = 0; i < body.arity(); i++) {
                            tangent = sum(tangent, scaled(tangents[i], stated.get(result * body.arity() + i)));
                        }
                        return orZero(writer, tangent);
                    })
                    .toList());
        }
        for (int i = 0; i < body.code().size(); i++) {
            Instruction step = body.code().get(i);
            @Nullable Term tangent = null;
            for (int operand = 0; operand < step.code().arity(); operand++) {
                Term moving = tangents[step.operand(operand)];
                if (moving != null) {
                    tangent = sum(tangent, scaled(moving, partial(body, values, i, operand)));
                }
            }
            tangents[body.arity() + i] = tangent;
        }
        return writer.finish(wanted.stream()
                .map(result -> orZero(writer, tangents[body.results().get(result)]))
                .toList());
    }

    /// The body's registers as terms; a computed result is the argument that holds it.
    private static List<Term> values(Body body, Writer writer, List<Term> in) {
        List<Term> values = body.inline(writer, in.subList(0, body.arity()));
        for (int r = 0; r < body.results().size(); r++) {
            int register = body.results().get(r);
            if (register >= body.arity()
                    && body.code().get(register - body.arity()).code() != Code.CONSTANT) {
                values.set(register, in.get(body.arity() + r));
            }
        }
        return values;
    }

    private static List<@Nullable Term> stated(Formula formula, Writer writer, List<Term> values) {
        Body derivative = formula.derivative();
        if (derivative == null) {
            return List.of();
        }
        Body body = formula.body();
        List<Term> in = new ArrayList<>(values.subList(0, body.arity()));
        body.results().forEach(register -> in.add(values.get(register)));
        List<Term> terms = derivative.inline(writer, in);
        return new ArrayList<>(derivative.results().stream().map(terms::get).toList());
    }

    private static @Nullable Term partial(Body body, List<Term> values, int index, int operand) {
        Instruction step = body.code().get(index);
        List<Term> operands = IntStream.range(0, step.code().arity())
                .mapToObj(i -> values.get(step.operand(i)))
                .toList();
        return Partials.of(step.code(), operands, values.get(body.arity() + index), operand);
    }

    /// `change * partial`, or `null` where it is zero for sure.
    private static @Nullable Term scaled(@Nullable Term change, @Nullable Term partial) {
        if (change == null || partial == null) {
            return null;
        }
        Instruction made = change.writer.instruction(partial.register);
        if (made != null && made.code() == Code.CONSTANT) {
            return made.value() == 0
                    ? null
                    : made.value() == 1 ? change : made.value() == -1 ? change.negated() : change.times(partial);
        }
        if (made != null && made.code() == Code.SELECT) {
            Term yes = scaled(change, new Term(change.writer, made.b()));
            Term no = scaled(change, new Term(change.writer, made.c()));
            return yes == null && no == null
                    ? null
                    : new Term(change.writer, made.a()).select(orZero(change.writer, yes), orZero(change.writer, no));
        }
        return change.times(partial);
    }

    private static @Nullable Term sum(@Nullable Term a, @Nullable Term b) {
        return a == null ? b : b == null ? a : a.plus(b);
    }

    private static Term orZero(Writer writer, @Nullable Term term) {
        return term == null ? writer.constant(0) : term;
    }
}
