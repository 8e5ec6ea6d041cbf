package org.gradus.base;

/// The type of a tensor's elements.
public enum Type {
    /// IEEE 754 single precision, the default for training.
    FLOAT32("float32", 4),
    /// IEEE 754 double precision, for gradient checks and science.
    FLOAT64("float64", 8),
    /// Signed 32-bit integers.
    INT32("int32", 4),
    /// Signed 64-bit integers, the type of indices and labels.
    INT64("int64", 8),
    /// Truth values: masks and the results of comparisons.
    BOOL("bool", 1);

    private final String label;
    private final int bytes;

    Type(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /// The bytes that one element takes.
    public int bytes() {
        return bytes;
    }

    /// Whether this is `float32` or `float64`, the types that have derivatives.
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /// Whether this is `int32` or `int64`.
    public boolean isInteger() {
        return this == INT32 || this == INT64;
    }

    /// The integer type as wide as this number type.
    public Type integer() {
        return bytes == INT64.bytes ? INT64 : INT32;
    }

    /// The type called `name`, as printed by [#toString].
    ///
    /// @throws GradusException when there is none
    public static Type parse(String name) {
        for (Type type : values()) {
            if (type.label.equals(name)) {
                return type;
            }
        }
        throw new GradusException(
                "type-name",
                "There is no element type `" + name + "`; there are float32, float64, int32, int64 and bool. Use one of"
                        + " these.");
    }

    @Override
    public String toString() {
        return label;
    }
}
