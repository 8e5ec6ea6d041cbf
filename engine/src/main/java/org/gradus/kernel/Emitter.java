package org.gradus.kernel;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.gradus.base.Type;
import org.gradus.expr.Code;
import org.gradus.expr.Evaluation;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;
import org.gradus.kernel.Value.Ref;
import org.jspecify.annotations.Nullable;

/// The one place where the code of kernels is written down: a method of a [KernelClass], one instruction after the
/// other, in any [Form].
///
/// The same calls give four kinds of code: `float` or `double`, plain numbers or vectors. Every instruction here is
/// defined to the last bit (IEEE 754 arithmetic, `fma`, comparisons, bit patterns), lane by lane; so the forms agree in
/// every bit, interpreted or compiled, as long as the calls do not depend on the number of lanes. What the Vector API
/// leaves open (`lanewise(EXP)`, `reduceLanes(ADD)`) does not exist here.
///
/// - Arguments and results are [Value]s, each a local variable. A result is new; [#into] makes the next instruction
///   write a variable instead.
/// - Constants cost nothing in a compiled loop: the just-in-time compiler makes them before it.
/// - Loops over arrays go by `lanes()`; [#strip] does that, with a masked iteration for the rest. In the scalar form
///   masks vanish, as every step is one element.
/// - [#single] gives the scalar form over the same method: for factors to be broadcast, and for combining lanes.
final class Emitter extends BitArithmetic {
    private static final ClassDesc CODE = ClassDesc.of(Code.class.getName());
    private static final ClassDesc EVALUATION = ClassDesc.of(Evaluation.class.getName());

    private final @Nullable Mask tail;

    Emitter(Recorder recorder, Form form, ClassDesc owner, String name, MethodTypeDesc descriptor) {
        super(recorder, form, owner, name, descriptor);
        this.tail = null;
    }

    private Emitter(Emitter other, Form form, @Nullable Mask tail) {
        super(other, form);
        this.tail = tail;
    }

    /// The scalar form of the same method.
    Emitter single() {
        return form.isScalar() ? this : new Emitter(this, form.single(), null);
    }

    /// The same method in another form, for numbers of two types in one kernel.
    Emitter in(Form other) {
        return new Emitter(this, other, null);
    }

    /// The same method with loads and stores that touch only the lanes of a mask.
    Emitter masked(Mask mask) {
        return new Emitter(this, form, mask);
    }

    /// Whether this is the masked iteration at the end of a [#strip].
    boolean isTail() {
        return tail != null;
    }

    /// Does `body` for every index from `from` to `to`, `lanes()` at a time, and once more with masked loads and stores
    /// for the rest. The body must use the emitter that it is given.
    void strip(Int from, Int to, BiConsumer<Emitter, Int> body) {
        strip(from, to, body, index -> {
            Emitter end = masked(maskBelow(minus(to, index)));
            body.accept(end, index);
        });
    }

    /// The same with the rest one by one, in scalar form: for what has no masked form.
    void stripSingly(Int from, Int to, BiConsumer<Emitter, Int> body) {
        strip(from, to, body, index -> proceed(index, to, 1, i -> body.accept(single(), i)));
    }

    /// Does `body` for vectors that cover all indices below `to`, which is at least `lanes()`: without masks, since the last one
    /// begins so far before the end that it is whole, and sees some indices again.
    void cover(Int to, Consumer<Int> body) {
        Int last = minus(to, lanes());
        loop(Int.of(0), to, lanes(), i -> body.accept(form.isScalar() ? i : smaller(i, last)));
    }

    private void strip(Int from, Int to, BiConsumer<Emitter, Int> body, Consumer<Int> rest) {
        if (form.isScalar()) {
            loop(from, to, 1, i -> body.accept(this, i));
            return;
        }
        recorder.block(() -> {
            Int index = variable(from);
            Int last = minus(to, lanes() - 1);
            boolean none = from.isLiteral() && last.isLiteral() && from.literal() >= last.literal();
            if (!none) {
                proceed(index, last, lanes(), i -> body.accept(this, i));
            }
            boolean even =
                    from.isLiteral() && to.isLiteral() && Math.max(0, to.literal() - from.literal()) % lanes() == 0;
            if (!even) {
                ifLess(index, to, () -> rest.accept(index));
            }
        });
    }

    /// A variable to be changed with [#into] or [#set].
    Numbers variable(Numbers initial) {
        Numbers variable = new Numbers(recorder.slot(form.local()));
        set(variable, initial);
        return variable;
    }

    /// Gives a variable a new value.
    void set(Numbers variable, Numbers value) {
        recorder.add(variable + " = " + value, c -> {
            push(c, value);
            c.storeLocal(form.local(), variable.slot());
        });
    }

    /// Makes the next instruction that gives numbers write this variable. It must be a single instruction, such as
    /// `into(sum).plus(sum, x)`.
    Emitter into(Numbers variable) {
        target = variable.slot();
        return this;
    }

    /// One number in every lane.
    ///
    /// @param one a number of the scalar form
    Numbers broadcast(Numbers one) {
        return form.isScalar()
                ? one
                : result("broadcast " + one, c -> {
                    species(c);
                    single().push(c, one);
                    c.invokestatic(form.vector(), "broadcast", type(form.vector(), Form.SPECIES, form.number()));
                });
    }

    /// An `int` as a number. Scalar form only.
    Numbers number(Int value) {
        return result(value + " as " + form.type(), c -> {
            push(c, value);
            if (form.kind() != TypeKind.INT) {
                c.conversion(TypeKind.INT, form.kind());
            }
        });
    }

    /// One truth value in every lane.
    ///
    /// @param one a truth value of the scalar form
    Mask broadcast(Mask one) {
        return form.isScalar()
                ? one
                : mask("broadcast " + one, c -> {
                    species(c);
                    c.iload(one.slot()).invokeinterface(Form.SPECIES, "maskAll", type(Form.MASK, CD_boolean));
                });
    }

    /// An array of the form's type for intermediate values, of the thread that runs.
    Ref scratch(int length) {
        ClassDesc array = Form.array(form.type());
        int slot = recorder.slot(TypeKind.REFERENCE);
        recorder.add(
                Recorder.name("a", slot) + " = scratch of " + length,
                c -> c.loadConstant(length)
                        .invokestatic(
                                ClassDesc.of(Scratch.class.getName()),
                                form.type().toString(),
                                type(array, CD_int))
                        .astore(slot));
        return new Ref(slot);
    }

    /// Elements of an array from an index on.
    Numbers load(Ref array, Int index) {
        return load(array, index, 0);
    }

    /// Elements of an array from `index + offset` on. Masked-out lanes are 0.
    Numbers load(Ref array, Int index, int offset) {
        return load(array, index, offset, tail);
    }

    /// The same for the lanes of a mask, where one is given.
    Numbers load(Ref array, Int index, int offset, @Nullable Mask mask) {
        return result(array + "[" + index + place(offset) + "]" + lanes(mask), c -> {
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index, offset);
                c.arrayLoad(form.kind());
                return;
            }
            species(c);
            c.aload(array.slot());
            push(c, index, offset);
            ClassDesc from = Form.array(form.type());
            if (mask == null) {
                c.invokestatic(form.vector(), "fromArray", type(form.vector(), Form.SPECIES, from, CD_int));
            } else {
                c.aload(mask.slot())
                        .invokestatic(
                                form.vector(), "fromArray", type(form.vector(), Form.SPECIES, from, CD_int, Form.MASK));
            }
        });
    }

    /// An element of an array of any type, converted: to integers by cutting off and clipping. Scalar form only.
    Numbers load(Type from, Ref array, Int index) {
        TypeKind kind = new Form(from, 1).kind();
        return result(form.type() + " " + array + "[" + index + "]", c -> {
            c.aload(array.slot());
            push(c, index);
            c.arrayLoad(from == Type.BOOL ? TypeKind.BOOLEAN : kind);
            if (kind != form.kind()) {
                c.conversion(kind, form.kind());
            }
        });
    }

    void store(Ref array, Int index, Numbers value) {
        store(array, index, 0, value);
    }

    void store(Ref array, Int index, int offset, Numbers value) {
        store(array, index, offset, value, tail);
    }

    /// Writes elements of an array from `index + offset` on, or those in the lanes of a mask.
    void store(Ref array, Int index, int offset, Numbers value, @Nullable Mask mask) {
        recorder.add(array + "[" + index + place(offset) + "]" + lanes(mask) + " = " + value, c -> {
            ClassDesc to = Form.array(form.type());
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index, offset);
                push(c, value);
                c.arrayStore(form.kind());
                return;
            }
            push(c, value);
            c.aload(array.slot());
            push(c, index, offset);
            if (mask == null) {
                c.invokevirtual(form.vector(), "intoArray", type(CD_void, to, CD_int));
            } else {
                c.aload(mask.slot()).invokevirtual(form.vector(), "intoArray", type(CD_void, to, CD_int, Form.MASK));
            }
        });
    }

    /// Elements of an array of [Type#integer], as bits.
    Bits loadBits(Ref array, Int index) {
        return bitsResult(array + "[" + index + "]" + lanes(tail), c -> {
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index);
                c.arrayLoad(form.bitsKind());
                return;
            }
            c.getstatic(form.bitsVector(), form.species(), Form.SPECIES).aload(array.slot());
            push(c, index);
            ClassDesc from = Form.array(form.type().integer());
            if (tail == null) {
                c.invokestatic(form.bitsVector(), "fromArray", type(form.bitsVector(), Form.SPECIES, from, CD_int));
            } else {
                cast(c.aload(tail.slot()), form.bitsVector());
                c.invokestatic(
                        form.bitsVector(), "fromArray", type(form.bitsVector(), Form.SPECIES, from, CD_int, Form.MASK));
            }
        });
    }

    /// Writes elements of such an array.
    void storeBits(Ref array, Int index, Bits value) {
        recorder.add(array + "[" + index + "]" + lanes(tail) + " = " + value, c -> {
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index);
                push(c, value);
                c.arrayStore(form.bitsKind());
                return;
            }
            push(c, value);
            c.aload(array.slot());
            push(c, index);
            ClassDesc to = Form.array(form.type().integer());
            if (tail == null) {
                c.invokevirtual(form.bitsVector(), "intoArray", type(CD_void, to, CD_int));
            } else {
                cast(c.aload(tail.slot()), form.bitsVector());
                c.invokevirtual(form.bitsVector(), "intoArray", type(CD_void, to, CD_int, Form.MASK));
            }
        });
    }

    /// Elements of a `boolean[]`; there is no masked form.
    Mask loadTruth(Ref array, Int index) {
        return mask(array + "[" + index + "]", c -> {
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index);
                c.baload();
            } else {
                species(c);
                c.aload(array.slot());
                push(c, index);
                c.invokestatic(Form.MASK, "fromArray", type(Form.MASK, Form.SPECIES, CD_boolean.arrayType(), CD_int));
            }
        });
    }

    /// Writes elements of a `boolean[]`; there is no masked form.
    void storeTruth(Ref array, Int index, Mask value) {
        recorder.add(array + "[" + index + "] = " + value, c -> {
            if (form.isScalar()) {
                c.aload(array.slot());
                push(c, index);
                c.iload(value.slot()).bastore();
            } else {
                c.aload(value.slot()).aload(array.slot());
                push(c, index);
                c.invokevirtual(Form.MASK, "intoArray", type(CD_void, CD_boolean.arrayType(), CD_int));
            }
        });
    }

    /// One lane, as a number of the scalar form.
    Numbers lane(Numbers a, int lane) {
        return form.isScalar()
                ? a
                : single().result(a + " lane " + lane, c -> {
                    push(c, a);
                    c.loadConstant(lane).invokevirtual(form.vector(), "lane", type(form.number(), CD_int));
                });
    }

    /// The same lanes but one.
    ///
    /// @param one a number of the scalar form
    Numbers withLane(Numbers a, int lane, Numbers one) {
        return form.isScalar()
                ? one
                : result(a + " with lane " + lane + " = " + one, c -> {
                    push(c, a);
                    c.loadConstant(lane);
                    single().push(c, one);
                    c.invokevirtual(form.vector(), "withLane", type(form.vector(), CD_int, form.number()));
                });
    }

    /// What the interpreter makes of each lane, in `double`, one after the other: slow, for rare functions.
    Numbers perLane(Code code, Numbers a, Numbers b) {
        Emitter one = single();
        Numbers all = a;
        for (int lane = 0; lane < lanes(); lane++) {
            all = withLane(all, lane, one.interpreted(code, lane(a, lane), lane(b, lane)));
        }
        return all;
    }

    private Numbers interpreted(Code code, Numbers a, Numbers b) {
        MethodTypeDesc descriptor = MethodTypeDesc.of(CD_double, CODE, CD_double, CD_double, CD_double);
        return result(code + "(" + a + ", " + b + ")", c -> {
            c.getstatic(CODE, code.name(), CODE);
            push(c, a);
            c.conversion(form.kind(), TypeKind.DOUBLE);
            push(c, b);
            c.conversion(form.kind(), TypeKind.DOUBLE);
            c.dconst_0().invokestatic(EVALUATION, "value", descriptor).conversion(TypeKind.DOUBLE, form.kind());
        });
    }

    /// Lane `l` gets what lane `(l + by) mod lanes()` has. Vector form only.
    Numbers rotated(Numbers a, int by) {
        Recorder.Field shuffle = new Recorder.Field(Form.SHUFFLE, c -> {
            species(c);
            c.loadConstant(by)
                    .iconst_1()
                    .iconst_1()
                    .invokestatic(Form.SHUFFLE, "iota", type(Form.SHUFFLE, Form.SPECIES, CD_int, CD_int, CD_boolean));
        });
        int slot = recorder.field(List.of(form, "rotation", by), "rotation by " + by, owner, shuffle);
        return result(a + " rotated by " + by, c -> {
            push(c, a);
            recorder.push(c, TypeKind.REFERENCE, slot);
            c.invokevirtual(form.vector(), "rearrange", type(form.vector(), Form.SHUFFLE));
        });
    }

    /// The value; in the masked iteration of a strip `otherwise` in the lanes that are out.
    Numbers kept(Numbers value, Numbers otherwise) {
        return tail == null ? value : select(tail, value, otherwise);
    }

    private static String place(int offset) {
        return offset == 0 ? "" : " + " + offset;
    }

    private static String lanes(@Nullable Mask mask) {
        return mask == null ? "" : " in " + mask;
    }

    private static void push(CodeBuilder c, Int index, int offset) {
        if (index.isLiteral()) {
            c.loadConstant(index.literal() + offset);
            return;
        }
        push(c, index);
        if (offset != 0) {
            c.loadConstant(offset).iadd();
        }
    }
}
