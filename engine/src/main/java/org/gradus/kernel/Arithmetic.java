package org.gradus.kernel;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// The part of a method that works on numbers: constants, arithmetic, comparisons and choices, in any [Form]. Each
/// instruction is defined to the last bit and works lane by lane, so all forms agree.
sealed class Arithmetic extends Routine permits BitArithmetic {
    static final ClassDesc MATH = ClassDesc.of("java.lang.Math");

    /// How two numbers may compare. All but [#NE] are false with NaN.
    enum Comparison {
        LT,
        LE,
        EQ,
        NE,
        GT,
        GE
    }

    final Form form;

    /// The variable that the next result goes to; none if negative.
    int target = -1;

    Arithmetic(Recorder recorder, Form form, ClassDesc owner, String name, MethodTypeDesc descriptor) {
        super(recorder, owner, name, descriptor);
        this.form = form;
    }

    Arithmetic(Arithmetic other, Form form) {
        super(other);
        this.form = form;
    }

    Form form() {
        return form;
    }

    int lanes() {
        return form.lanes();
    }

    /// A literal in every lane, rounded to the form's type.
    Numbers constant(double value) {
        double rounded = form.type() == Type.FLOAT32 ? (float) value : value;
        if (form.isScalar()) {
            return new Numbers(-1, rounded);
        }
        List<Object> key = List.of(form, Double.doubleToRawLongBits(rounded));
        return new Numbers(recorder.constant(key, Double.toString(rounded), c -> {
            species(c);
            literal(c, rounded);
            c.invokestatic(form.vector(), "broadcast", type(form.vector(), Form.SPECIES, form.number()));
        }));
    }

    Numbers plus(Numbers a, Numbers b) {
        return binary("add", a, b);
    }

    Numbers minus(Numbers a, Numbers b) {
        return binary("sub", a, b);
    }

    Numbers times(Numbers a, Numbers b) {
        return binary("mul", a, b);
    }

    Numbers over(Numbers a, Numbers b) {
        return binary("div", a, b);
    }

    /// The smaller one; NaN if either is, -0 before 0.
    Numbers smaller(Numbers a, Numbers b) {
        return binary("min", a, b);
    }

    /// The larger one; NaN if either is, 0 before -0.
    Numbers larger(Numbers a, Numbers b) {
        return binary("max", a, b);
    }

    /// `a * b + c`, rounded once.
    Numbers fma(Numbers a, Numbers b, Numbers c) {
        return result("fma(" + a + ", " + b + ", " + c + ")", code -> {
            push(code, a);
            if (form.isScalar()) {
                push(code, b);
                push(code, c);
                ClassDesc x = form.number();
                code.invokestatic(MATH, "fma", type(x, x, x, x));
            } else {
                lanewise(code, form.vector(), "FMA", () -> push(code, b), () -> push(code, c));
            }
        });
    }

    Numbers negated(Numbers a) {
        return unary("neg", a, c -> c.with(OperatorInstruction.of(opcode("NEG"))));
    }

    Numbers abs(Numbers a) {
        return unary("abs", a, c -> c.invokestatic(MATH, "abs", type(form.number(), form.number())));
    }

    /// The square root, rounded correctly. Taking it in `double` rounds a `float` root correctly, too.
    Numbers sqrt(Numbers a) {
        return unary("sqrt", a, c -> {
            c.conversion(form.kind(), TypeKind.DOUBLE);
            c.invokestatic(MATH, "sqrt", type(ConstantDescs.CD_double, ConstantDescs.CD_double));
            c.conversion(TypeKind.DOUBLE, form.kind());
        });
    }

    /// What a static method makes of plain numbers, one by one. Scalar form only.
    Numbers apply(ClassDesc owner, String method, Numbers... operands) {
        ClassDesc[] types = new ClassDesc[operands.length];
        java.util.Arrays.fill(types, form.number());
        return result(method + List.of(operands), c -> {
            for (Numbers operand : operands) {
                push(c, operand);
            }
            c.invokestatic(owner, method, MethodTypeDesc.of(form.number(), types));
        });
    }

    Mask compare(Numbers a, Comparison how, Numbers b) {
        return mask(a + " " + how + " " + b, c -> {
            push(c, a);
            if (form.isScalar()) {
                push(c, b);
                compareSingle(c, form.kind(), how);
            } else {
                c.getstatic(Form.OPERATORS, how.name(), Form.COMPARISON);
                push(c, b);
                c.invokevirtual(form.vector(), "compare", type(Form.MASK, Form.COMPARISON, Form.VECTOR));
            }
        });
    }

    Mask and(Mask a, Mask b) {
        return logic("and", Opcode.IAND, a, b);
    }

    Mask or(Mask a, Mask b) {
        return logic("or", Opcode.IOR, a, b);
    }

    Mask xor(Mask a, Mask b) {
        return logic("xor", Opcode.IXOR, a, b);
    }

    Mask not(Mask a) {
        return mask("not " + a, c -> {
            if (form.isScalar()) {
                c.iload(a.slot()).iconst_1().ixor();
            } else {
                c.aload(a.slot()).invokevirtual(Form.MASK, "not", type(Form.MASK));
            }
        });
    }

    /// Whether any lane holds, as 0 or 1.
    Int any(Mask a) {
        if (form.isScalar()) {
            return new Int(a.slot(), 0);
        }
        int slot = recorder.slot(TypeKind.INT);
        recorder.add(
                Recorder.name("i", slot) + " = any " + a,
                c -> c.aload(a.slot())
                        .invokevirtual(Form.MASK, "anyTrue", type(CD_boolean))
                        .istore(slot));
        return new Int(slot, 0);
    }

    /// The first `count` lanes; `count` may be more than there are. Vector form only. (A species' `indexInRange` has
    /// branches, of which HotSpot compiles those that it has seen.)
    Mask maskBelow(Int count) {
        return mask("lanes below " + count, c -> {
            broadcast(c, () -> c.iconst_0());
            c.iconst_1().invokevirtual(form.vector(), "addIndex", type(form.vector(), CD_int));
            c.getstatic(Form.OPERATORS, Comparison.LT.name(), Form.COMPARISON);
            broadcast(c, () -> push(c, count));
            c.invokevirtual(form.vector(), "compare", type(Form.MASK, Form.COMPARISON, Form.VECTOR));
        });
    }

    /// The first so many lanes, fewer than 64. Vector form only.
    Mask maskBelow(int count) {
        Recorder.Field made = new Recorder.Field(Form.MASK, c -> {
            species(c);
            c.loadConstant((1L << count) - 1)
                    .invokestatic(Form.MASK, "fromLong", type(Form.MASK, Form.SPECIES, ConstantDescs.CD_long));
        });
        int slot = recorder.field(List.of(form, "below", count), "lanes below " + count, owner, made);
        return mask("lanes below " + count, c -> recorder.push(c, TypeKind.REFERENCE, slot));
    }

    private void broadcast(CodeBuilder c, Runnable integer) {
        species(c);
        integer.run();
        c.conversion(TypeKind.INT, form.kind());
        c.invokestatic(form.vector(), "broadcast", type(form.vector(), Form.SPECIES, form.number()));
    }

    /// `yes` where the mask holds, else `no`.
    Numbers select(Mask mask, Numbers yes, Numbers no) {
        return result("select(" + mask + ", " + yes + ", " + no + ")", c -> {
            if (form.isScalar()) {
                choose(c, mask, () -> push(c, yes), () -> push(c, no));
            } else {
                push(c, no);
                push(c, yes);
                c.aload(mask.slot()).invokevirtual(form.vector(), "blend", type(form.vector(), Form.VECTOR, Form.MASK));
            }
        });
    }

    static MethodTypeDesc type(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }

    void push(CodeBuilder c, Numbers value) {
        if (value.slot() < 0) {
            literal(c, value.literal());
        } else {
            recorder.push(c, form.local(), value.slot());
        }
    }

    private void literal(CodeBuilder c, double value) {
        switch (form.type()) {
            case FLOAT32 -> c.loadConstant((float) value);
            case FLOAT64 -> c.loadConstant(value);
            case INT64 -> c.loadConstant((long) value);
            case INT32, BOOL -> c.loadConstant((int) value);
        }
    }

    void species(CodeBuilder c) {
        c.getstatic(form.vector(), form.species(), Form.SPECIES);
    }

    private Opcode opcode(String operation) {
        return opcode(form.kind(), operation);
    }

    static Opcode opcode(TypeKind kind, String operation) {
        return Opcode.valueOf(kind.name().charAt(0) + operation);
    }

    Numbers result(String text, Consumer<CodeBuilder> code) {
        int slot = target >= 0 ? target : recorder.slot(form.local());
        target = -1;
        recorder.add(Recorder.name("v", slot) + " = " + text, c -> {
            code.accept(c);
            c.storeLocal(form.local(), slot);
        });
        return new Numbers(slot);
    }

    Mask mask(String text, Consumer<CodeBuilder> code) {
        TypeKind kind = form.isScalar() ? TypeKind.INT : TypeKind.REFERENCE;
        int slot = recorder.slot(kind);
        recorder.add(Recorder.name("m", slot) + " = " + text, c -> {
            code.accept(c);
            c.storeLocal(kind, slot);
        });
        return new Mask(slot);
    }

    private Numbers binary(String operation, Numbers a, Numbers b) {
        return result(operation + "(" + a + ", " + b + ")", c -> {
            push(c, a);
            String operator = operation.toUpperCase(Locale.ROOT);
            if (!form.isScalar()) {
                lanewise(c, form.vector(), operator, () -> push(c, b));
                return;
            }
            push(c, b);
            switch (operation) {
                case "min", "max" -> c.invokestatic(MATH, operation, type(form.number(), form.number(), form.number()));
                default -> c.with(OperatorInstruction.of(opcode(operator)));
            }
        });
    }

    private Numbers unary(String operation, Numbers a, Consumer<CodeBuilder> plain) {
        return result(operation + "(" + a + ")", c -> {
            push(c, a);
            if (form.isScalar()) {
                plain.accept(c);
            } else {
                lanewise(c, form.vector(), operation.toUpperCase(Locale.ROOT));
            }
        });
    }

    /// Applies an operator to the vector on the stack and to what the operands push. Methods such as `add` do the same by one
    /// call more, which HotSpot inlines in time only if it has counted, in that very method, which class its vectors are of.
    void lanewise(CodeBuilder c, ClassDesc vector, String operator, Runnable... operands) {
        ClassDesc kind =
                Form.OPERATORS.nested(List.of("Unary", "Binary", "Ternary").get(operands.length));
        boolean isAssociative =
                List.of("ADD", "MUL", "MIN", "MAX", "AND", "OR", "XOR").contains(operator);
        c.getstatic(Form.OPERATORS, operator, isAssociative ? Form.OPERATORS.nested("Associative") : kind);
        List<ClassDesc> types = new ArrayList<>(List.of(kind));
        for (Runnable operand : operands) {
            operand.run();
            types.add(Form.VECTOR);
        }
        c.invokevirtual(vector, "lanewise", MethodTypeDesc.of(vector, types));
    }

    private Mask logic(String method, Opcode opcode, Mask a, Mask b) {
        return mask(a + " " + method + " " + b, c -> {
            if (form.isScalar()) {
                c.iload(a.slot()).iload(b.slot()).with(OperatorInstruction.of(opcode));
            } else {
                c.aload(a.slot()).aload(b.slot()).invokevirtual(Form.MASK, method, type(Form.MASK, Form.MASK));
            }
        });
    }

    static void compareSingle(CodeBuilder c, TypeKind kind, Comparison how) {
        Label otherwise = c.newLabel();
        Label end = c.newLabel();
        boolean below = how == Comparison.LT || how == Comparison.LE; // NaN must count as greater
        switch (kind) {
            case FLOAT -> c.with(OperatorInstruction.of(below ? Opcode.FCMPG : Opcode.FCMPL));
            case DOUBLE -> c.with(OperatorInstruction.of(below ? Opcode.DCMPG : Opcode.DCMPL));
            case LONG -> c.lcmp();
            default -> {}
        }
        String unless = switch (how) {
            case LT -> "GE";
            case LE -> "GT";
            case EQ -> "NE";
            case NE -> "EQ";
            case GT -> "LE";
            case GE -> "LT";
        };
        c.branch(Opcode.valueOf((kind == TypeKind.INT ? "IF_ICMP" : "IF") + unless), otherwise)
                .iconst_1()
                .goto_(end)
                .labelBinding(otherwise)
                .iconst_0()
                .labelBinding(end);
    }

    private static void choose(CodeBuilder c, Mask mask, Runnable yes, Runnable no) {
        Label otherwise = c.newLabel();
        Label end = c.newLabel();
        c.iload(mask.slot()).ifeq(otherwise);
        yes.run();
        c.goto_(end).labelBinding(otherwise);
        no.run();
        c.labelBinding(end);
    }
}
