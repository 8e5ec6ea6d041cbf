package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;
import static org.gradus.ops.Views.*;

import java.util.List;
import org.gradus.autodiff.Derivatives;
import org.gradus.base.Shape;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private final Tensor x = counted(2, 3);

    @Test
    void shapes() {
        Tensor t = counted(2, 1, 3, 1);
        assertThat(reshape(t, 3, -1).shape()).isEqualTo(Shape.of(3, 2));
        assertThat(flatten(t).shape()).isEqualTo(Shape.of(6));
        assertThat(flatten(t, 1, -2).shape()).isEqualTo(Shape.of(2, 3, 1));
        assertThat(flatten(Eager.scalar(1.0)).shape()).isEqualTo(Shape.of(1));
        assertThat(squeeze(t).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(squeeze(t, -1).shape()).isEqualTo(Shape.of(2, 1, 3));
        assertThat(squeeze(t, 0).shape()).isEqualTo(t.shape());
        assertThat(unsqueeze(x, 0).shape()).isEqualTo(Shape.of(1, 2, 3));
        assertThat(unsqueeze(x, -1).shape()).isEqualTo(Shape.of(2, 3, 1));
        assertThat(unsqueeze(x, 2).shape()).isEqualTo(Shape.of(2, 3, 1));
        error("flatten-order", () -> flatten(t, 2, 1), "axis 2", "axis 1");
        error("axis-range", () -> unsqueeze(x, 3));
        error("reshape-count", () -> reshape(x, 4), "[2, 3]", "[4]");
    }

    @Test
    void orders() {
        holds(permute(x, 1, 0), Shape.of(3, 2), 0, 3, 1, 4, 2, 5);
        holds(transpose(x, 0, -1), Shape.of(3, 2), 0, 3, 1, 4, 2, 5);
        assertThat(transpose(counted(2, 3, 4), 0, 2).shape()).isEqualTo(Shape.of(4, 3, 2));
        assertThat(moveAxis(counted(2, 3, 4), 0, -1).shape()).isEqualTo(Shape.of(3, 4, 2));
        assertThat(moveAxis(counted(2, 3, 4), -1, 0).shape()).isEqualTo(Shape.of(4, 2, 3));
        holds(flip(x, 1), Shape.of(2, 3), 2, 1, 0, 5, 4, 3);
        holds(flip(x, 0, -1), Shape.of(2, 3), 5, 4, 3, 2, 1, 0);
        holds(flip(x), Shape.of(2, 3), 0, 1, 2, 3, 4, 5);
        holds(roll(x, 1, 1), Shape.of(2, 3), 2, 0, 1, 5, 3, 4);
        holds(roll(x, 1, -4), Shape.of(2, 3), 1, 2, 0, 4, 5, 3);
        holds(roll(x, 0, 2), Shape.of(2, 3), 0, 1, 2, 3, 4, 5);
        holds(roll(counted(0), 0, 1));
        error("permute-order", () -> permute(x, 0, 0));
    }

    @Test
    void repetitions() {
        holds(broadcastTo(tensor(1.0, 2.0), Shape.of(2, 2)), Shape.of(2, 2), 1, 2, 1, 2);
        holds(expand(tensor(Shape.of(2, 1), 1.0, 2.0), 2, -1, 2), Shape.of(2, 2, 2), 1, 1, 2, 2, 1, 1, 2, 2);
        holds(repeat(tensor(1.0, 2.0), 2), 1, 2, 1, 2);
        holds(repeat(tensor(1.0, 2.0), 2, 2), Shape.of(2, 4), 1, 2, 1, 2, 1, 2, 1, 2);
        holds(repeat(x, 2), Shape.of(2, 6), 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
        holds(repeat(x, 0, 1), Shape.of(0, 3));
        error("broadcast-to", () -> expand(x, 4, 3));
    }

    @Test
    void partsAsInPython() {
        Tensor t = counted(5);
        holds(slice(t, 0, 1, 3), 1, 2);
        holds(slice(t, 0, -2, Integer.MAX_VALUE), 3, 4);
        holds(slice(t, 0, 0, -1), 0, 1, 2, 3);
        holds(slice(t, 0, -99, 99, 2), 0, 2, 4);
        holds(slice(t, 0, 1, 5, 3), 1, 4);
        holds(slice(t, 0, 3, 1));
        holds(slice(x, -1, 1, 2), Shape.of(2, 1), 1, 4);
        holds(narrow(t, 0, 1, 2), 1, 2);
        holds(narrow(t, 0, -2, 2), 3, 4);
        holds(select(x, 0, 1), 3, 4, 5);
        holds(select(x, 1, -1), 2, 5);
        holds(select(counted(1, 1), 0, 0), 0);
        error("slice-step", () -> slice(t, 0, 0, 5, -1), "flip");
        error("slice-range", () -> narrow(t, 0, 3, 3), "[5]");
        error("slice-range", () -> narrow(t, 0, 0, -1));
        error("select-range", () -> select(x, 1, 3), "position 3", "[2, 3]");
        error("select-range", () -> select(x, 0, -3));
    }

    @Test
    void padding() {
        holds(pad(tensor(1.0, 2.0), 0, 1, 2, 9), 9, 1, 2, 9, 9);
        holds(pad(x, List.of(1, 0), List.of(0, 1), 0), Shape.of(3, 4), 0, 0, 0, 0, 0, 1, 2, 0, 3, 4, 5, 0);
        error("pad-amounts", () -> pad(x, List.of(1), List.of(1), 0), "[2, 3]");
        error("pad-amounts", () -> pad(x, 0, -1, 0, 0));
    }

    @Test
    void joins() {
        holds(concat(0, tensor(1.0), tensor(2.0, 3.0)), 1, 2, 3);
        holds(concat(-1, x, counted(2, 1)), Shape.of(2, 4), 0, 1, 2, 0, 3, 4, 5, 1);
        holds(stack(0, tensor(1.0, 2.0), tensor(3.0, 4.0)), Shape.of(2, 2), 1, 2, 3, 4);
        holds(stack(-1, tensor(1.0, 2.0), tensor(3.0, 4.0)), Shape.of(2, 2), 1, 3, 2, 4);
        holds(stack(0, Eager.scalar(1.0), Eager.scalar(2.0)), 1, 2);
        error("concat-shapes", () -> concat(0, x, counted(2, 2)));
        error("stack-shapes", () -> stack(0, tensor(1.0), tensor(1.0, 2.0)), "[1]", "[2]");
        error("input-count", () -> stack(0, List.of()));
        error("input-count", () -> concat(0, List.of()));
        error("mixed-types", () -> concat(0, tensor(1.0), tensor(1f)));
    }

    @Test
    void splits() {
        List<Tensor> parts = split(counted(5), 0, 2, 0, 3);
        holds(parts.get(0), 0, 1);
        holds(parts.get(1));
        holds(parts.get(2), 2, 3, 4);
        assertThat(chunk(counted(5), 0, 2).stream().map(Tensor::shape)).containsExactly(Shape.of(3), Shape.of(2));
        assertThat(chunk(counted(2), 0, 4)).hasSize(2);
        assertThat(chunk(counted(0), 0, 4)).hasSize(1);
        error("split-sizes", () -> split(x, 1, 1, 1), "[1, 1]", "3");
    }

    @Test
    void triangles() {
        Tensor m = counted(2, 3).plus(1);
        holds(tril(m, 0), Shape.of(2, 3), 1, 0, 0, 4, 5, 0);
        holds(tril(m, 1), Shape.of(2, 3), 1, 2, 0, 4, 5, 6);
        holds(triu(m, 0), Shape.of(2, 3), 1, 2, 3, 0, 5, 6);
        holds(triu(m, -1), Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        holds(triu(counted(2, 2, 2), 1), Shape.of(2, 2, 2), 0, 1, 0, 0, 0, 5, 0, 0);
        error("axis-range", () -> tril(tensor(1.0), 0));
    }

    @Test
    void diagonals() {
        holds(diagonal(counted(3, 3)), 0, 4, 8);
        holds(diagonal(counted(3, 3), 1), 1, 5);
        holds(diagonal(counted(3, 3), -1), 3, 7);
        holds(diagonal(counted(2, 4), 2), 2, 7);
        holds(diagonal(counted(4, 2), -2), 4, 7);
        holds(diagonal(counted(2, 2), 5));
        holds(diagonal(counted(2, 2, 2)), Shape.of(2, 2), 0, 3, 4, 7);
        holds(diagEmbed(tensor(1.0, 2.0)), Shape.of(2, 2), 1, 0, 0, 2);
        holds(diagEmbed(tensor(1.0), 1), Shape.of(2, 2), 0, 1, 0, 0);
        holds(diagEmbed(tensor(1.0, 2.0), -1), Shape.of(3, 3), 0, 0, 0, 1, 0, 0, 0, 2, 0);
        holds(diagEmbed(counted(0), 1), Shape.of(1, 1), 0);
        holds(diagEmbed(counted(0)), Shape.of(0, 0));
        for (int offset = -2; offset <= 2; offset++) {
            int at = offset;
            holds(diagonal(diagEmbed(counted(2, 3), at), at), Shape.of(2, 3), 0, 1, 2, 3, 4, 5);
            Tensor weights = counted(3);
            holds(Derivatives.grad(t -> diagEmbed(t, at).squared().sum()).apply(weights), 0, 2, 4);
        }
    }
}
