package org.gradus.base;

/// What is known of a tensor before its numbers: element type and shape. Prints as `float32[64, 10]`.
public record TensorType(Type type, Shape shape) {
    /// The type with these axis sizes.
    public static TensorType of(Type type, int... sizes) {
        return new TensorType(type, Shape.of(sizes));
    }

    /// The same shape with other elements.
    public TensorType with(Type other) {
        return new TensorType(other, shape);
    }

    /// The same elements in another shape.
    public TensorType with(Shape other) {
        return new TensorType(type, other);
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
