package org.gradus.ops;

import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Einsum.einsum;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Expect.value;

import org.gradus.autodiff.GradientCheck;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class EinsumTest {
    private final Tensor m = counted(2, 3); // 0 1 2 / 3 4 5
    private final Tensor square = counted(3, 3);
    private final Tensor v = tensor(1.0, 2.0, 3.0);

    @Test
    void oneOperand() {
        holds(einsum("ij->ji", m), Shape.of(3, 2), 0, 3, 1, 4, 2, 5);
        holds(einsum("ji", m), Shape.of(3, 2), 0, 3, 1, 4, 2, 5);
        value(einsum("ij->", m), 15);
        holds(einsum("ij->j", m), 3, 5, 7);
        value(einsum("ii", square), 12);
        holds(einsum("ii->i", square), 0, 4, 8);
        holds(einsum("iij->ij", counted(2, 2, 2)), Shape.of(2, 2), 0, 1, 6, 7);
        holds(einsum("iji->ij", counted(2, 2, 2)), Shape.of(2, 2), 0, 2, 5, 7);
        value(einsum("iii->", counted(2, 2, 2)), 7);
        holds(einsum("iijj->ij", counted(2, 2, 2, 2)), Shape.of(2, 2), 0, 3, 12, 15);
        holds(einsum("...ij->...ji", counted(1, 2, 3)), Shape.of(1, 3, 2), 0, 3, 1, 4, 2, 5);
        holds(einsum("i...->...", m), 3, 5, 7);
    }

    @Test
    void severalOperands() {
        holds(einsum("ij, jk -> ik", m, square), Shape.of(2, 3), 15, 18, 21, 42, 54, 66);
        holds(einsum("ij,j", m, v), 8, 26);
        holds(einsum("i,j->ij", tensor(1.0, 2.0), v), Shape.of(2, 3), 1, 2, 3, 2, 4, 6);
        holds(einsum("i,j->ji", tensor(1L, 2L), tensor(3L)), Shape.of(1, 2), 3, 6);
        value(einsum("i,i", v, v), 14);
        holds(einsum("i,i->i", v, v), 1, 4, 9);
        value(einsum("i,ij,j", tensor(1.0, 1.0), m, v), 34);
        holds(einsum("bij,bjk->bik", counted(2, 1, 2), counted(2, 2, 1)), Shape.of(2, 1, 1), 1, 13);
        holds(einsum("bi,oij,bj->bo", counted(1, 2), counted(1, 2, 3), counted(1, 3)), Shape.of(1, 1), 14);
        holds(einsum("ik,jk->", m, m), Shape.SCALAR, 83);
        holds(einsum("ii,i->i", square, v), 0, 8, 24);
        holds(
                einsum("...ij,...jk->...ik", counted(2, 1, 1), counted(3, 1, 1, 1)),
                Shape.of(3, 2, 1, 1),
                0,
                0,
                0,
                1,
                0,
                2);
        holds(einsum("ij,ij->ij", m, counted(1, 3)), Shape.of(2, 3), 0, 1, 4, 0, 4, 10);
        value(einsum("i,j->", counted(0), v), 0);
    }

    @Test
    void gradients() {
        GradientCheck.of(
                        xs -> einsum("bi,oij,bj->bo", xs.get(0), xs.get(1), xs.get(2)),
                        java.util.List.of(counted(2, 2), counted(2, 2, 3), counted(2, 3)))
                .demand(1e-7);
        GradientCheck.of(x -> einsum("iji,k->kj", x, v), counted(2, 3, 2)).demand(1e-7);
    }

    @Test
    void whatCannotBeRead() {
        error("einsum-operands", () -> einsum("ij,jk->ik", m), "2 operands", "1 came with it");
        error("einsum-operands", () -> einsum("i->i->i", v), "more than one arrow");
        error("einsum-rank", () -> einsum("ijk->i", m), "`ijk` has 3 letters", "2 axes");
        error("einsum-rank", () -> einsum("i->i", m));
        error("einsum-rank", () -> einsum("ijk...->i", m));
        error("einsum-letter", () -> einsum("i1->i", m), "`1`");
        error("einsum-letter", () -> einsum("ij->i.", m));
        error("einsum-size", () -> einsum("ij,jk", m, m), "`j` has size 3 and size 2");
        error("einsum-size", () -> einsum("ii", m));
        error("einsum-size", () -> einsum("...i,...i", m, counted(4, 3)), "behind the dots");
        error("einsum-result", () -> einsum("ij->ii", m), "stands twice");
        error("einsum-result", () -> einsum("ij->k", m), "stands in no operand");
    }
}
