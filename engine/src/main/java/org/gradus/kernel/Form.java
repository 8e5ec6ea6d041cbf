package org.gradus.kernel;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import org.gradus.base.Type;

/// The form that code is emitted in: the type of its numbers, and how many of them one instruction handles.
///
/// With one lane the numbers are plain Java locals, and nothing of the vector module is mentioned. With more, they are
/// vectors of exactly that many lanes: the classes of `jdk.incubator.vector` occur as names in emitted code only.
record Form(Type type, int lanes) {
    private static final String MODULE = "jdk.incubator.vector";
    static final ClassDesc VECTOR = ClassDesc.of(MODULE, "Vector");
    static final ClassDesc SPECIES = ClassDesc.of(MODULE, "VectorSpecies");
    static final ClassDesc MASK = ClassDesc.of(MODULE, "VectorMask");
    static final ClassDesc SHUFFLE = ClassDesc.of(MODULE, "VectorShuffle");
    static final ClassDesc OPERATORS = ClassDesc.of(MODULE, "VectorOperators");
    static final ClassDesc BINARY = OPERATORS.nested("Binary");
    static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");

    /// Refuses what no vector has.
    Form {
        int bits = lanes * type.bytes() * Byte.SIZE;
        boolean fits = type.isFloating() && Integer.bitCount(lanes) == 1 && bits >= 64 && bits <= 512;
        if (lanes != 1 && !fits) {
            throw new IllegalArgumentException("There is no vector of " + lanes + " " + type + ".");
        }
    }

    /// The same type, one number at a time.
    Form single() {
        return new Form(type, 1);
    }

    boolean isScalar() {
        return lanes == 1;
    }

    /// How the Java virtual machine sees one number.
    TypeKind kind() {
        return switch (type) {
            case FLOAT32 -> TypeKind.FLOAT;
            case FLOAT64 -> TypeKind.DOUBLE;
            case INT32, BOOL -> TypeKind.INT;
            case INT64 -> TypeKind.LONG;
        };
    }

    /// How it sees what a local variable holds: a number or a vector.
    TypeKind local() {
        return isScalar() ? kind() : TypeKind.REFERENCE;
    }

    /// The same for the bits of the numbers.
    TypeKind bitsLocal() {
        return isScalar() ? bitsKind() : TypeKind.REFERENCE;
    }

    /// The integer type as wide as a number.
    TypeKind bitsKind() {
        return type.bytes() == 8 ? TypeKind.LONG : TypeKind.INT;
    }

    /// The primitive type of one number.
    ClassDesc number() {
        return kind().upperBound();
    }

    /// The primitive type of the bits of one number.
    ClassDesc bits() {
        return bitsKind().upperBound();
    }

    /// The class of a vector of the numbers.
    ClassDesc vector() {
        return ClassDesc.of(MODULE, type == Type.FLOAT64 ? "DoubleVector" : "FloatVector");
    }

    /// The class of a vector of their bits.
    ClassDesc bitsVector() {
        return ClassDesc.of(MODULE, type == Type.FLOAT64 ? "LongVector" : "IntVector");
    }

    /// The name of the constant that holds the species, in either vector class.
    String species() {
        return "SPECIES_" + lanes * type.bytes() * Byte.SIZE;
    }

    /// The class of a Java array of elements of a type.
    static ClassDesc array(Type type) {
        return switch (type) {
            case FLOAT32 -> ConstantDescs.CD_float.arrayType();
            case FLOAT64 -> ConstantDescs.CD_double.arrayType();
            case INT32 -> ConstantDescs.CD_int.arrayType();
            case INT64 -> ConstantDescs.CD_long.arrayType();
            case BOOL -> ConstantDescs.CD_boolean.arrayType();
        };
    }

    /// As in `float32 x 16`.
    @Override
    public String toString() {
        return isScalar() ? type.toString() : type + " x " + lanes;
    }
}
