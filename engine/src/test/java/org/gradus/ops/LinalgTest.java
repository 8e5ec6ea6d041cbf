package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;
import static org.gradus.ops.Linalg.*;

import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class LinalgTest {
    private final Tensor a = tensor(Shape.of(2, 2), 4.0, 2.0, 2.0, 5.0);
    private final Tensor swap = tensor(Shape.of(2, 2), 0.0, 1.0, 1.0, 0.0);

    @Test
    void factors() {
        holds(cholesky(a), Shape.of(2, 2), 2, 0, 1, 2);
        error("square", () -> cholesky(counted(2, 3)), "[2, 3]");
    }

    @Test
    void solutions() {
        holds(solve(a, tensor(Shape.of(2, 1), 8.0, 12.0)), Shape.of(2, 1), 1, 2);
        holds(solve(a, tensor(8.0, 12.0)), 1, 2);
        holds(solve(swap, counted(3, 2, 1)), Shape.of(3, 2, 1), 1, 0, 3, 2, 5, 4);
        Tensor batch = a.broadcastTo(Shape.of(2, 2, 2));
        holds(solve(batch, tensor(Shape.of(2, 2), 8.0, 12.0, 16.0, 24.0)), Shape.of(2, 2), 1, 2, 2, 4);
        holds(inverse(a), Shape.of(2, 2), 5 / 16.0, -2 / 16.0, -2 / 16.0, 4 / 16.0);
        holds(inverse(swap.broadcastTo(Shape.of(2, 2, 2))), Shape.of(2, 2, 2), 0, 1, 1, 0, 0, 1, 1, 0);
        error("solve-shapes", () -> solve(a, Eager.scalar(1.0)), "[2, 2]");
        error("solve-shapes", () -> solve(a, counted(3, 1)));
        error("square", () -> solve(counted(2, 3), counted(2, 1)));
        error("square", () -> inverse(counted(2, 3)), "[2, 3]");
    }

    @Test
    void determinants() {
        value(det(a), 16);
        value(det(swap), -1);
        value(det(Constants.zerosLike(a)), 0);
        value(logdet(a), Math.log(16));
        value(logdet(swap), Double.NaN);
        value(logdet(Constants.zerosLike(a)), Double.NEGATIVE_INFINITY);
        value(slogdet(swap).sign(), -1);
        value(slogdet(swap).logAbs(), 0);
        holds(det(counted(2, 2, 2)), -2, -2);
        value(trace(a), 9);
        holds(trace(counted(2, 2, 2)), 3, 11);
    }
}
