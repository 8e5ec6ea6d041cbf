package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Scans.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ScansTest {
    private final Tensor x = tensor(1.0, 2.0, 3.0, 4.0);

    @Test
    void sums() {
        holds(cumsum(x, 0), 1, 3, 6, 10);
        holds(cumsum(x, 0, true, false), 0, 1, 3, 6);
        holds(cumsum(x, 0, false, true), 10, 9, 7, 4);
        holds(cumsum(x, 0, true, true), 9, 7, 4, 0);
        holds(cumsum(counted(2, 2), -1), Shape.of(2, 2), 0, 1, 2, 5);
        holds(cumsum(tensor(1, 2), 0), 1, 3);
        holds(cumsum(counted(0), 0, true, true));
        error("axis-range", () -> cumsum(x, 1));
    }

    @Test
    void products() {
        holds(cumprod(x, 0), 1, 2, 6, 24);
        holds(cumprod(x, 0, true, false), 1, 1, 2, 6);
        holds(cumprod(x, 0, false, true), 24, 24, 12, 4);
        holds(cumprod(x, 0, true, true), 24, 12, 4, 1);
        holds(cumprod(counted(0), 0));
        holds(cumprod(tensor(7.0), 0), 7);
        holds(Derivatives.grad(t -> cumprod(t, 0).sum()).apply(tensor(2.0, 0.0, 3.0)), 1, 8, 0);
    }

    @Test
    void logarithmsOfSums() {
        Tensor t = tensor(0.0, 0.0, 1000.0);
        holds(cumLogSumExp(t, 0), 0, Math.log(2), 1000);
        holds(cumLogSumExp(t, 0, true), 1000, 1000, 1000);
    }

    @Test
    void recurrences() {
        holds(recurrence(tensor(0.5, 0.5, 0.5), tensor(8.0, 0.0, 1.0), 0, false), 8, 4, 3);
        holds(recurrence(tensor(0.5, 0.5, 0.5), tensor(8.0, 0.0, 1.0), 0, true), 8.25, 0.5, 1);
        error("recurrence-shapes", () -> recurrence(tensor(1.0), x, 0, false), "[1]", "[4]");
    }
}
