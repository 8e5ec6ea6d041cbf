package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Indexing.*;

import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.junit.jupiter.api.Test;

class IndexingTest {
    private final Tensor x = counted(3, 2); // 0 1 / 2 3 / 4 5

    @Test
    void readAndWrite() {
        Tensor places = tensor(Shape.of(2, 1), 1L, 0L);
        holds(gather(x, 1, places), Shape.of(2, 1), 1, 2);
        holds(scatterAdd(x, 1, places, tensor(Shape.of(2, 1), 10.0, 20.0)), Shape.of(3, 2), 0, 11, 22, 3, 4, 5);
        error("gather-shapes", () -> gather(x, 0, tensor(0L)), "[1]", "[3, 2]");
        error("integer-needed", () -> gather(x, 1, counted(1, 1)));
        error("scatter-shapes", () -> scatterAdd(x, 1, places, tensor(Shape.of(1, 1), 1.0)));
    }

    @Test
    void rows() {
        Tensor index = tensor(2, 0, 2);
        holds(indexSelect(x, 0, index), Shape.of(3, 2), 4, 5, 0, 1, 4, 5);
        holds(indexSelect(x, -1, tensor(1L)), Shape.of(3, 1), 1, 3, 5);
        holds(indexSelect(x, 0, Eager.tensor(Shape.of(0), new long[0])), Shape.of(0, 2));
        holds(take(x, tensor(Shape.of(1, 2), 1L, 1L)), Shape.of(1, 2, 2), 2, 3, 2, 3);
        holds(take(x, Eager.tensor(Shape.SCALAR, 2L)), 4, 5);
        holds(take(tensor(7.0, 8.0), tensor(1, 0)), 8, 7);
        holds(Derivatives.grad(t -> take(t, index).sum()).apply(x), Shape.of(3, 2), 1, 1, 0, 0, 2, 2);
        error("index-rank", () -> indexSelect(x, 0, tensor(Shape.of(1, 1), 0L)), "[1, 1]");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> take(x, tensor(3L))))
                .hasMessageContaining("3");
    }

    @Test
    void oneHots() {
        holds(oneHot(tensor(2L, 0L), 3, -1), Shape.of(2, 3), 0, 0, 1, 1, 0, 0);
        holds(oneHot(tensor(1, 0, 5), 2, 0), Shape.of(2, 3), 0, 1, 0, 1, 0, 0);
        assertThat(oneHot(tensor(1), 2, 1).type()).isEqualTo(TensorType.of(Type.BOOL, 1, 2));
    }

    @Test
    void masks() {
        Tensor mask = Eager.tensor(Shape.of(3, 1), true, false, true);
        holds(maskedFill(x, mask, -1), Shape.of(3, 2), -1, -1, 2, 3, -1, -1);
        holds(maskedSelect(x, mask), 0, 1, 4, 5);
        holds(maskedSelect(x, tensor(false)));
        holds(
                Derivatives.grad(t ->
                                maskedSelect(t, Logic.greater(t, 2)).squared().sum())
                        .apply(x),
                Shape.of(3, 2),
                0,
                0,
                0,
                6,
                8,
                10);
    }

    @Test
    void maskedSelectNeedsTheMasksNumbers() {
        Trace trace = new Trace();
        Tensor traced = trace.input("x", x.type());
        Tensor known = Eager.tensor(Shape.of(3, 1), true, false, true);
        assertThat(maskedSelect(traced, known).shape()).isEqualTo(Shape.of(4));
        error("masked-select-tracing", () -> maskedSelect(traced, Logic.greater(traced, 0)), "while a graph is traced");
        error("broadcast", () -> maskedSelect(x, tensor(true, true, true)), "masked-select");
    }
}
