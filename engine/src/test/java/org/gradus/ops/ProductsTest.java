package org.gradus.ops;

import static org.gradus.eager.Eager.scalar;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;
import static org.gradus.ops.Products.*;

import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ProductsTest {
    private final Tensor m = counted(2, 3); // 0 1 2 / 3 4 5
    private final Tensor v = tensor(1.0, 2.0, 3.0);

    @Test
    void matrixProductsWithVectors() {
        holds(matmul(m, m.transposed()), Shape.of(2, 2), 5, 14, 14, 50);
        holds(matmul(m, v), 8, 26);
        holds(matmul(tensor(1.0, 2.0), m), 6, 9, 12);
        value(matmul(v, v), 14);
        holds(matmul(counted(2, 2, 3), v), Shape.of(2, 2), 8, 26, 44, 62);
        holds(matmul(v, counted(2, 3, 1)), Shape.of(2, 1), 8, 26);
        holds(matmul(counted(2, 1, 1, 1), counted(3, 1, 1)), Shape.of(2, 3, 1, 1), 0, 0, 0, 0, 1, 2);
        holds(matmul(counted(2, 0), counted(0, 1)), Shape.of(2, 1), 0, 0);
        error("matmul-inner-size", () -> matmul(m, m), "[2, 3]");
        error("matmul-inner-size", () -> matmul(m, tensor(1.0, 2.0)));
        error("rank", () -> matmul(scalar(1.0), m));
        error("broadcast", () -> matmul(counted(2, 1, 1), counted(3, 1, 1)));
    }

    @Test
    void vectors() {
        value(dot(v, v), 14);
        holds(outer(v, tensor(1.0, 10.0)), Shape.of(3, 2), 1, 10, 2, 20, 3, 30);
        holds(outer(tensor(1L, 2L), tensor(3L)), Shape.of(2, 1), 3, 6);
        error("vectors", () -> dot(m, v), "[2, 3]");
        error("vectors", () -> outer(v, scalar(1.0)));
        error("matmul-inner-size", () -> dot(v, tensor(1.0)));
    }

    @Test
    void sumsWithProducts() {
        Tensor product = tensor(Shape.of(1, 1), 2.0);
        holds(addmm(tensor(1.0, 2.0), product, tensor(Shape.of(1, 2), 10.0, 20.0)), Shape.of(1, 2), 21, 42);
        holds(addmm(scalar(1.0), product, product, 3, 0.5), Shape.of(1, 1), 5);
    }

    @Test
    void kronecker() {
        Tensor a = tensor(Shape.of(1, 2), 1.0, 10.0);
        holds(kron(a, tensor(Shape.of(2, 1), 1.0, 2.0)), Shape.of(2, 2), 1, 10, 2, 20);
        holds(kron(a, tensor(1.0, 2.0)), Shape.of(1, 4), 1, 2, 10, 20);
        holds(kron(tensor(1.0, 2.0), a), Shape.of(1, 4), 1, 10, 2, 20);
    }

    @Test
    void linearMaps() {
        Tensor bias = tensor(100.0, 200.0);
        holds(linear(v, m, bias), 108, 226);
        holds(linear(counted(1, 2, 3), m, bias), Shape.of(1, 2, 2), 105, 214, 114, 250);
        holds(linear(v, m, null), 8, 26);
        holds(linear(counted(0, 3), m, bias), Shape.of(0, 2));
        error("linear-shapes", () -> linear(tensor(1.0), m, bias), "[1]", "[2, 3]");
        error("linear-shapes", () -> linear(v, m, v), "bias");
        error("linear-shapes", () -> linear(v, v, null));
        error("linear-shapes", () -> linear(scalar(1.0), m, null));
    }
}
