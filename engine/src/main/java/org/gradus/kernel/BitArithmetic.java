package org.gradus.kernel;

import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;
import org.gradus.base.Type;
import org.gradus.kernel.Value.Bits;
import org.gradus.kernel.Value.Int;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// The part of a method that works on the bits of numbers, and on integers as wide as these.
sealed class BitArithmetic extends Arithmetic permits Emitter {
    BitArithmetic(Recorder recorder, Form form, ClassDesc owner, String name, MethodTypeDesc descriptor) {
        super(recorder, form, owner, name, descriptor);
    }

    BitArithmetic(BitArithmetic other, Form form) {
        super(other, form);
    }

    /// A bit pattern in every lane; of a 32-bit type the low half.
    Bits pattern(long bits) {
        if (form.isScalar()) {
            return new Bits(-1, bits);
        }
        List<Object> key = List.of(form, "bits", bits);
        return new Bits(recorder.constant(key, "0x" + Long.toHexString(bits), c -> {
            c.getstatic(form.bitsVector(), form.species(), Form.SPECIES);
            literal(c, bits);
            c.invokestatic(form.bitsVector(), "broadcast", type(form.bitsVector(), Form.SPECIES, form.bits()));
        }));
    }

    Mask compare(Bits a, Comparison how, Bits b) {
        return mask(a + " " + how + " " + b, c -> {
            push(c, a);
            if (form.isScalar()) {
                push(c, b);
                compareSingle(c, form.bitsKind(), how);
            } else {
                c.getstatic(Form.OPERATORS, how.name(), Form.COMPARISON);
                push(c, b);
                c.invokevirtual(form.bitsVector(), "compare", type(Form.MASK, Form.COMPARISON, Form.VECTOR));
                cast(c, form.vector());
            }
        });
    }

    /// The mask on the stack, for vectors of another class.
    void cast(CodeBuilder c, ClassDesc vector) {
        c.getstatic(vector, form.species(), Form.SPECIES)
                .invokevirtual(Form.MASK, "cast", type(Form.MASK, Form.SPECIES));
    }

    Bits bits(Numbers a) {
        return bitsResult("bits " + a, c -> {
            push(c, a);
            boolean wide = form.type() == Type.FLOAT64;
            if (form.isScalar()) {
                String name = wide ? "doubleToRawLongBits" : "floatToRawIntBits";
                c.invokestatic(wide ? CD_Double : CD_Float, name, type(form.bits(), form.number()));
            } else {
                String name = wide ? "reinterpretAsLongs" : "reinterpretAsInts";
                c.invokevirtual(form.vector(), name, type(form.bitsVector()));
            }
        });
    }

    /// The numbers that have these bits.
    Numbers numbers(Bits a) {
        return result("numbers " + a, c -> {
            push(c, a);
            boolean wide = form.type() == Type.FLOAT64;
            if (form.isScalar()) {
                String name = wide ? "longBitsToDouble" : "intBitsToFloat";
                c.invokestatic(wide ? CD_Double : CD_Float, name, type(form.number(), form.bits()));
            } else {
                String name = wide ? "reinterpretAsDoubles" : "reinterpretAsFloats";
                c.invokevirtual(form.bitsVector(), name, type(form.vector()));
            }
        });
    }

    /// An `int` in every lane.
    Bits everywhere(Int value) {
        if (value.isLiteral()) {
            return pattern(value.literal());
        }
        return bitsResult("everywhere " + value, c -> {
            if (!form.isScalar()) {
                c.getstatic(form.bitsVector(), form.species(), Form.SPECIES);
            }
            push(c, value);
            c.conversion(TypeKind.INT, form.bitsKind());
            if (!form.isScalar()) {
                c.invokestatic(form.bitsVector(), "broadcast", type(form.bitsVector(), Form.SPECIES, form.bits()));
            }
        });
    }

    Bits plus(Bits a, Bits b) {
        return bitwise("ADD", a, b);
    }

    Bits minus(Bits a, Bits b) {
        return bitwise("SUB", a, b);
    }

    Bits and(Bits a, Bits b) {
        return bitwise("AND", a, b);
    }

    Bits or(Bits a, Bits b) {
        return bitwise("OR", a, b);
    }

    Bits xor(Bits a, Bits b) {
        return bitwise("XOR", a, b);
    }

    Bits shiftLeft(Bits a, int by) {
        return shift("LSHL", "SHL", a, by);
    }

    /// Shifted right, with the sign coming in. In `double` lanes only AVX-512 has an instruction for it.
    Bits shiftRight(Bits a, int by) {
        return shift("ASHR", "SHR", a, by);
    }

    /// Shifted right, with zeros coming in.
    Bits shiftRightZero(Bits a, int by) {
        return shift("LSHR", "USHR", a, by);
    }

    void push(CodeBuilder c, Bits value) {
        if (value.slot() < 0) {
            literal(c, value.literal());
        } else {
            recorder.push(c, form.bitsLocal(), value.slot());
        }
    }

    private void literal(CodeBuilder c, long bits) {
        if (form.bitsKind() == TypeKind.LONG) {
            c.loadConstant(bits);
        } else {
            c.loadConstant((int) bits);
        }
    }

    Bits bitsResult(String text, Consumer<CodeBuilder> code) {
        int slot = recorder.slot(form.bitsLocal());
        recorder.add(Recorder.name("b", slot) + " = " + text, c -> {
            code.accept(c);
            c.storeLocal(form.bitsLocal(), slot);
        });
        return new Bits(slot);
    }

    private Bits bitwise(String operation, Bits a, Bits b) {
        return bitsResult(operation + "(" + a + ", " + b + ")", c -> {
            push(c, a);
            if (form.isScalar()) {
                push(c, b);
                c.with(OperatorInstruction.of(opcode(form.bitsKind(), operation)));
            } else {
                lanewise(c, form.bitsVector(), operation, () -> push(c, b));
            }
        });
    }

    private Bits shift(String operation, String opcode, Bits a, int by) {
        return bitsResult(operation + "(" + a + ", " + by + ")", c -> {
            push(c, a);
            boolean wide = form.bitsKind() == TypeKind.LONG;
            if (form.isScalar()) {
                c.loadConstant(by).with(OperatorInstruction.of(opcode(form.bitsKind(), opcode)));
                return;
            }
            c.getstatic(Form.OPERATORS, operation, Form.BINARY);
            if (wide) {
                c.loadConstant((long) by);
            } else {
                c.loadConstant(by);
            }
            c.invokevirtual(
                    form.bitsVector(), "lanewise", type(form.bitsVector(), Form.BINARY, wide ? CD_long : CD_int));
        });
    }
}
