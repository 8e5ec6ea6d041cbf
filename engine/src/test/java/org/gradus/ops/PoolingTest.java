package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Pooling.*;

import java.util.List;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class PoolingTest {
    private final Tensor image = counted(1, 1, 4, 4);
    private final Tensor line = tensor(Shape.of(1, 1, 5), -1.0, -5.0, -2.0, -2.0, -9.0);

    @Test
    void maximaAndTheirPlaces() {
        holds(maxPool(image, 2, 2, 0), Shape.of(1, 1, 2, 2), 5, 7, 13, 15);
        Selection padded = maxPool(line, geometry(line, 2, 2, 1), false);
        holds(padded.values(), Shape.of(1, 1, 3), -1, -2, -2);
        holds(padded.indices(), Shape.of(1, 1, 3), 0, 2, 3);
        holds(maxPool(tensor(Shape.of(1, 1, 2), 1.0, Double.NaN), 2, 1, 0), Shape.of(1, 1, 1), Double.NaN);
        holds(maxPool(counted(1, 1, 2, 2, 2), 2, 2, 0), Shape.of(1, 1, 1, 1, 1), 7);
        Tensor gradient = Derivatives.grad(x -> maxPool(x, 2, 1, 0).sum()).apply(line);
        holds(gradient, Shape.of(1, 1, 5), 1, 0, 2, 1, 0);
    }

    @Test
    void theLastWindowMayReachOver() {
        Geometry step = geometry(line, 2, 2, 0);
        holds(maxPool(line, step, false).values(), Shape.of(1, 1, 2), -1, -2);
        holds(maxPool(line, step, true).values(), Shape.of(1, 1, 3), -1, -2, -9);
        holds(maxPool(counted(1, 1, 1), geometry(line, 2, 2, 0), true).values(), Shape.of(1, 1, 1), 0);
        // A window that would start behind the input and its padding in front is left out.
        Geometry wide = geometry(line, 3, 3, 1);
        assertThat(ceil(wide, Shape.of(5)).windows("pool", Shape.of(5))).isEqualTo(Shape.of(2));
        assertThat(ceil(geometry(line, 1, 4, 0), Shape.of(4))).isEqualTo(geometry(line, 1, 4, 0));
        assertThat(ceil(wide, Shape.of(4)).windows("pool", Shape.of(4))).isEqualTo(Shape.of(2));
    }

    @Test
    void meansAndWhatTheyCount() {
        Tensor x = tensor(Shape.of(1, 1, 5), 1.0, 2.0, 3.0, 4.0, 5.0);
        Geometry padded = geometry(x, 2, 2, 1);
        holds(avgPool(x, 2, 2, 0), Shape.of(1, 1, 2), 1.5, 3.5);
        holds(avgPool(x, padded, true, false), Shape.of(1, 1, 3), 0.5, 2.5, 4.5);
        holds(avgPool(x, padded, false, false), Shape.of(1, 1, 3), 1, 2.5, 4.5);
        Geometry step = geometry(x, 2, 2, 0);
        holds(avgPool(x, step, true, true), Shape.of(1, 1, 3), 1.5, 3.5, 5);
        holds(avgPool(x, step, false, 4), Shape.of(1, 1, 2), 0.75, 1.75);
        holds(avgPool(x, step, true, 4), Shape.of(1, 1, 3), 0.75, 1.75, 1.25);
        holds(avgPool(image, 2, 2, 0), Shape.of(1, 1, 2, 2), 2.5, 4.5, 10.5, 12.5);
    }

    @Test
    void partsOfAnySize() {
        holds(adaptiveAvgPool(image, 2, 2), Shape.of(1, 1, 2, 2), 2.5, 4.5, 10.5, 12.5);
        Tensor x = counted(1, 1, 5);
        holds(adaptiveAvgPool(x, 3), Shape.of(1, 1, 3), 0.5, 2, 3.5);
        holds(adaptiveAvgPool(counted(1, 1, 2), 4), Shape.of(1, 1, 4), 0, 0, 1, 1);
        holds(adaptiveAvgPool(counted(1, 1, 3, 2), 2, 1), Shape.of(1, 1, 2, 1), 1.5, 3.5);
        holds(globalAvgPool(image), Shape.of(1, 1), 7.5);
        holds(globalAvgPool(counted(1, 2)), Shape.of(1, 2), 0, 1);
    }

    @Test
    void whatDoesNotFit() {
        error("pool-rank", () -> maxPool(counted(2), Geometry.of(List.of(2)), true), "[2]");
        error("pool-rank", () -> avgPool(counted(1, 1, 2), Geometry.of(List.of(2, 2)), true, false));
        error("pool-rank", () -> adaptiveAvgPool(counted(1, 1, 2), 1, 1));
        error("pool-padding", () -> maxPool(line, 2, 2, 2), "[2]");
        error("pool-padding", () -> avgPool(line, 1, 1, 1));
        error("window-too-large", () -> maxPool(line, 6, 1, 0));
        error("floating-needed", () -> maxPool(tensor(Shape.of(1, 1, 2), 1, 2), 1, 1, 0));
    }
}
