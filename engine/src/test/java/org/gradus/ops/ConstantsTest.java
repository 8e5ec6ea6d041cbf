package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Constants.*;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;

import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.junit.jupiter.api.Test;

class ConstantsTest {
    private final Tracer tracer = new Eager();

    @Test
    void oneNumberEverywhere() {
        Tensor x = tensor(Shape.of(2, 1), 5f, 6f);
        holds(fullLike(x, 7), Shape.of(2, 1), 7, 7);
        holds(zerosLike(x), Shape.of(2, 1), 0, 0);
        holds(onesLike(x), Shape.of(2, 1), 1, 1);
        assertThat(onesLike(x).type()).isEqualTo(x.type());
        holds(full(tracer, TensorType.of(Type.INT64, 2), 3), 3, 3);
        holds(zeros(tracer, TensorType.of(Type.BOOL, 2)), 0, 0);
        holds(ones(tracer, TensorType.of(Type.BOOL)), Shape.SCALAR, 1);
    }

    @Test
    void counted() {
        holds(iota(tracer, TensorType.of(Type.INT32, 2, 2), 0), Shape.of(2, 2), 0, 0, 1, 1);
        holds(iota(tracer, TensorType.of(Type.INT32, 2, 2), -1), Shape.of(2, 2), 0, 1, 0, 1);
        holds(arange(tracer, Type.INT64, 3), 0, 1, 2);
        holds(arange(tracer, Type.FLOAT64, 1, 2, 0.3), 1, 1.3, 1.6, 1.9);
        holds(arange(tracer, Type.INT32, 5, 0, -2), 5, 3, 1);
        holds(arange(tracer, Type.INT32, 5, 5, 1));
        holds(linspace(tracer, Type.FLOAT64, -1, 1, 5), -1, -0.5, 0, 0.5, 1);
        holds(linspace(tracer, Type.FLOAT64, 3, 4, 1), 3);
        error("arange-step", () -> arange(tracer, Type.INT32, 0, 5, 0), "from 0.0 to 5.0");
        error("arange-step", () -> arange(tracer, Type.INT32, 0, 5, -1));
        error("arange-step", () -> arange(tracer, Type.FLOAT32, 0, Double.NaN, 1));
        error("axis-range", () -> iota(tracer, TensorType.of(Type.INT32, 2), 1));
    }

    @Test
    void identity() {
        holds(eye(tracer, Type.FLOAT32, 2), Shape.of(2, 2), 1, 0, 0, 1);
        holds(eye(tracer, Type.BOOL, 1), Shape.of(1, 1), 1);
    }
}
