package org.gradus.kernel;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Ref;

/// The part of a method that works on indices: `int` arithmetic with literals folded, loops, branches, calls, and
/// arrays taken out of arrays. The numbers themselves are [Emitter]'s.
///
/// A variable made inside a loop or branch ends with it.
sealed class Routine permits Arithmetic {
    final Recorder recorder;
    final ClassDesc owner;
    private final String name;
    private final MethodTypeDesc descriptor;
    private final List<Value> parameters;

    Routine(Recorder recorder, ClassDesc owner, String name, MethodTypeDesc descriptor) {
        this.recorder = recorder;
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
        this.parameters = new ArrayList<>();
        for (ClassDesc parameter : descriptor.parameterList()) {
            TypeKind kind = TypeKind.from(parameter);
            int slot = recorder.slot(kind);
            parameters.add(
                    switch (kind) {
                        case INT -> new Int(slot, 0);
                        case REFERENCE -> new Ref(slot);
                        default -> new Value.Numbers(slot);
                    });
        }
    }

    Routine(Routine other) {
        this.recorder = other.recorder;
        this.owner = other.owner;
        this.name = other.name;
        this.descriptor = other.descriptor;
        this.parameters = other.parameters;
    }

    /// A parameter that is an `int`.
    Int integer(int parameter) {
        return (Int) parameters.get(parameter);
    }

    /// A parameter that is an array.
    Ref reference(int parameter) {
        return (Ref) parameters.get(parameter);
    }

    /// A parameter that is one `float` or `double`, for use with a scalar emitter.
    Value.Numbers number(int parameter) {
        return (Value.Numbers) parameters.get(parameter);
    }

    /// An element of an `int[]`.
    Int element(Ref array, int index) {
        return element(array, Int.of(index));
    }

    /// An element of an `int[]`.
    Int element(Ref array, Int index) {
        return result(array + "[" + index + "]", c -> {
            c.aload(array.slot());
            push(c, index);
            c.iaload();
        });
    }

    /// An array out of an `Object[]`, as an array of elements of `type`.
    Ref element(Ref array, int index, Type type) {
        int slot = recorder.slot(TypeKind.REFERENCE);
        recorder.add(
                Recorder.name("a", slot) + " = " + array + "[" + index + "] as " + type + "[]",
                c -> c.aload(array.slot())
                        .loadConstant(index)
                        .aaload()
                        .checkcast(Form.array(type))
                        .astore(slot));
        return new Ref(slot);
    }

    /// A parameter that is an array of elements of `type`, known as an `Object`.
    Ref as(Ref array, Type type) {
        int slot = recorder.slot(TypeKind.REFERENCE);
        recorder.add(
                Recorder.name("a", slot) + " = " + array + " as " + type + "[]",
                c -> c.aload(array.slot()).checkcast(Form.array(type)).astore(slot));
        return new Ref(slot);
    }

    Int plus(Int a, Int b) {
        return a.isLiteral() && b.isLiteral()
                ? Int.of(a.literal() + b.literal())
                : a.is(0) ? b : b.is(0) ? a : binary(Opcode.IADD, a, "+", b);
    }

    Int plus(Int a, int b) {
        return plus(a, Int.of(b));
    }

    Int minus(Int a, Int b) {
        return a.isLiteral() && b.isLiteral()
                ? Int.of(a.literal() - b.literal())
                : b.is(0) ? a : binary(Opcode.ISUB, a, "-", b);
    }

    Int minus(Int a, int b) {
        return minus(a, Int.of(b));
    }

    Int times(Int a, Int b) {
        return a.isLiteral() && b.isLiteral()
                ? Int.of(a.literal() * b.literal())
                : a.is(0) || b.is(0) ? Int.of(0) : a.is(1) ? b : b.is(1) ? a : binary(Opcode.IMUL, a, "*", b);
    }

    Int times(Int a, int b) {
        return times(a, Int.of(b));
    }

    /// `a + b * c`.
    Int plusTimes(Int a, Int b, Int c) {
        return plus(a, times(b, c));
    }

    /// The quotient, rounded towards 0.
    Int over(Int a, Int b) {
        return a.isLiteral() && b.isLiteral() && b.literal() != 0
                ? Int.of(a.literal() / b.literal())
                : b.is(1) ? a : binary(Opcode.IDIV, a, "/", b);
    }

    /// What [#over] leaves.
    Int rest(Int a, Int b) {
        return a.isLiteral() && b.isLiteral() && b.literal() != 0
                ? Int.of(a.literal() % b.literal())
                : b.is(1) ? Int.of(0) : binary(Opcode.IREM, a, "%", b);
    }

    /// The bits of `a` that `mask` has too.
    Int and(Int a, int mask) {
        return a.isLiteral() ? Int.of(a.literal() & mask) : binary(Opcode.IAND, a, "&", Int.of(mask));
    }

    Int smaller(Int a, Int b) {
        return extreme("min", a, b);
    }

    Int larger(Int a, Int b) {
        return extreme("max", a, b);
    }

    /// A variable to be changed with [#set].
    Int variable(Int initial) {
        Int variable = new Int(recorder.slot(TypeKind.INT), 0);
        set(variable, initial);
        return variable;
    }

    /// Gives a variable a new value.
    void set(Int variable, Int value) {
        recorder.add(variable + " = " + value, c -> {
            push(c, value);
            c.istore(variable.slot());
        });
    }

    /// Adds a literal to a variable.
    void increment(Int variable, int by) {
        recorder.add(variable + " += " + by, c -> advance(c, variable, Int.of(by)));
    }

    /// Does `body` for an index that counts from `from` by `step` while it is less than `to`. Tested at the end, with
    /// one test before it, which is left out where it is known to pass.
    void loop(Int from, Int to, int step, Consumer<Int> body) {
        loop(from, to, Int.of(step), body);
    }

    /// The same with a step known at run time, which must be positive.
    void loop(Int from, Int to, Int step, Consumer<Int> body) {
        recorder.block(() -> proceed(variable(from), to, step, from, body));
    }

    /// Does `body` while `index`, a variable, is less than `to`, and adds `step` each time.
    void proceed(Int index, Int to, int step, Consumer<Int> body) {
        proceed(index, to, Int.of(step), index, body);
    }

    /// The same at least once.
    void repeat(Int index, Int to, int step, Consumer<Int> body) {
        proceed(index, to, Int.of(step), true, body);
    }

    private void proceed(Int index, Int to, Int step, Int from, Consumer<Int> body) {
        proceed(index, to, step, from.isLiteral() && to.isLiteral() && from.literal() < to.literal(), body);
    }

    private void proceed(Int index, Int to, Int step, boolean surely, Consumer<Int> body) {
        Label[] labels = new Label[2];
        recorder.add("while " + index + " < " + to + " by " + step, c -> {
            labels[0] = c.newLabel();
            labels[1] = c.newLabel();
            if (!surely) {
                push(c, index);
                push(c, to);
                c.if_icmpge(labels[1]);
            }
            c.labelBinding(labels[0]);
        });
        recorder.block(() -> body.accept(index));
        recorder.add("", c -> {
            advance(c, index, step);
            push(c, index);
            push(c, to);
            c.if_icmplt(labels[0]).labelBinding(labels[1]);
        });
    }

    /// Does `body` if `a` is less than `b`.
    void ifLess(Int a, Int b, Runnable body) {
        branch(a + " < " + b, Opcode.IF_ICMPGE, a, b, body);
    }

    /// Does `body` if `a` equals `b`.
    void ifEqual(Int a, Int b, Runnable body) {
        branch(a + " == " + b, Opcode.IF_ICMPNE, a, b, body);
    }

    /// Does `body` if `a` does not equal `b`.
    void ifDifferent(Int a, Int b, Runnable body) {
        branch(a + " != " + b, Opcode.IF_ICMPEQ, a, b, body);
    }

    /// Does `yes` if `a` is less than `b`, else `no`.
    void ifLess(Int a, Int b, Runnable yes, Runnable no) {
        Label[] end = new Label[1];
        branch(a + " < " + b, Opcode.IF_ICMPGE, a, b, () -> {
            yes.run();
            recorder.add("", c -> {
                end[0] = c.newLabel();
                c.goto_(end[0]);
            });
        });
        recorder.add("else", c -> {});
        recorder.block(no);
        recorder.add("", c -> c.labelBinding(end[0]));
    }

    /// Calls a static method of the class under construction, with the values of its parameters.
    void call(Routine target, Value... arguments) {
        String text = Arrays.stream(arguments).map(Value::toString).collect(Collectors.joining(", "));
        recorder.add(target.name + "(" + text + ")", c -> {
            for (int i = 0; i < arguments.length; i++) {
                load(c, TypeKind.from(target.descriptor.parameterType(i)), arguments[i]);
            }
            c.invokestatic(target.owner, target.name, target.descriptor);
        });
    }

    /// A line in the listing.
    void comment(String text) {
        recorder.add("// " + text, c -> {});
    }

    /// How many steps were noted down so far: a measure of the code's size.
    int size() {
        return recorder.size();
    }

    static void push(CodeBuilder c, Int value) {
        if (value.isLiteral()) {
            c.loadConstant(value.literal());
        } else {
            c.iload(value.slot());
        }
    }

    private static void load(CodeBuilder c, TypeKind kind, Value value) {
        if (value instanceof Int number) {
            push(c, number);
        } else {
            c.loadLocal(kind, value.slot());
        }
    }

    private static void advance(CodeBuilder c, Int variable, Int by) {
        if (by.isLiteral() && (short) by.literal() == by.literal()) {
            c.iinc(variable.slot(), by.literal());
        } else {
            push(c, variable);
            push(c, by);
            c.iadd().istore(variable.slot());
        }
    }

    private void branch(String text, Opcode unless, Int a, Int b, Runnable body) {
        Label[] end = new Label[1];
        recorder.add("if " + text, c -> {
            end[0] = c.newLabel();
            push(c, a);
            push(c, b);
            c.branch(unless, end[0]);
        });
        recorder.block(body);
        recorder.add("", c -> c.labelBinding(end[0]));
    }

    private Int binary(Opcode opcode, Int a, String sign, Int b) {
        return result(a + " " + sign + " " + b, c -> {
            push(c, a);
            push(c, b);
            c.with(java.lang.classfile.instruction.OperatorInstruction.of(opcode));
        });
    }

    private Int extreme(String which, Int a, Int b) {
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);
        return result(which + "(" + a + ", " + b + ")", c -> {
            push(c, a);
            push(c, b);
            c.invokestatic(Arithmetic.MATH, which, type);
        });
    }

    private Int result(String text, Consumer<CodeBuilder> code) {
        int slot = recorder.slot(TypeKind.INT);
        recorder.add(Recorder.name("i", slot) + " = " + text, c -> {
            code.accept(c);
            c.istore(slot);
        });
        return new Int(slot, 0);
    }
}
