package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;
import static org.gradus.ops.Sorting.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class SortingTest {
    private static final double NAN = Double.NaN;

    private final Tensor x = tensor(3.0, 1.0, 2.0, 1.0);

    @Test
    void orders() {
        holds(sort(x, 0).values(), 1, 1, 2, 3);
        holds(sort(x, 0).indices(), 1, 3, 2, 0);
        holds(sort(x, 0, true).values(), 3, 2, 1, 1);
        holds(argsort(x, 0), 1, 3, 2, 0);
        holds(argsort(x, 0, true), 0, 2, 1, 3);
        holds(sort(tensor(NAN, 1, 2), 0).values(), 1, 2, NAN);
        holds(sort(counted(2, 2), 0, true).values(), Shape.of(2, 2), 2, 3, 0, 1);
        error("axis-range", () -> sort(x, 1));
    }

    @Test
    void theFirstOnes() {
        holds(topk(x, 2, 0).values(), 3, 2);
        holds(topk(x, 2, 0).indices(), 0, 2);
        holds(topk(x, 2, 0, false).values(), 1, 1);
        holds(topk(x, 2, 0, false).indices(), 1, 3);
        holds(topk(x, 0, 0).values());
        holds(Derivatives.grad(t -> topk(t, 2, 0).values().sum()).apply(x), 1, 0, 1, 0);
        error("topk-count", () -> topk(x, 5, 0), "5", "[4]");
        error("topk-count", () -> topk(x, -1, 0));
    }

    @Test
    void quantiles() {
        value(quantile(x, 0, 0), 1);
        value(quantile(x, 1, 0), 3);
        value(quantile(x, 0.75, 0), 2.25);
        value(median(x, 0), 1.5);
        value(median(tensor(5.0), 0), 5);
        holds(median(counted(3, 2), 0), 2, 3);
        value(median(tensor(NAN, 1, 2), 0), NAN);
        holds(Derivatives.grad(t -> quantile(t, 0.75, 0)).apply(x), 0.25, 0, 0.75, 0);
        error("quantile", () -> quantile(x, 1.5, 0), "1.5");
        error("quantile", () -> quantile(counted(0), 0.5, 0));
    }
}
