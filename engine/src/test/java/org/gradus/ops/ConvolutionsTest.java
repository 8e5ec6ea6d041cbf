package org.gradus.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.eager.Eager.tensor;
import static org.gradus.ops.Convolutions.*;
import static org.gradus.ops.Expect.counted;
import static org.gradus.ops.Expect.error;
import static org.gradus.ops.Expect.holds;

import java.util.List;
import org.gradus.base.Shape;
import org.gradus.graph.Geometry;
import org.gradus.graph.Tensor;
import org.junit.jupiter.api.Test;

class ConvolutionsTest {
    private final Tensor line = tensor(Shape.of(1, 1, 5), 1.0, 2.0, 3.0, 4.0, 5.0);
    private final Tensor edge = tensor(Shape.of(1, 1, 2), -1.0, 1.0);
    private final Tensor ones = Constants.onesLike(counted(1, 1, 3));

    @Test
    void oneAxis() {
        holds(conv1d(line, edge), Shape.of(1, 1, 4), 1, 1, 1, 1);
        holds(conv1d(line, edge, tensor(10.0), 2, 1, 1, 1), Shape.of(1, 1, 3), 11, 11, 11);
        holds(conv1d(line, edge, null, 1, 0, 3, 1), Shape.of(1, 1, 2), 3, 3);
    }

    @Test
    void twoAxesAndGroups() {
        Tensor image = counted(1, 1, 3, 3);
        Tensor kernel = tensor(Shape.of(1, 1, 2, 2), 1.0, 0.0, 0.0, -1.0);
        holds(conv2d(image, kernel), Shape.of(1, 1, 2, 2), -4, -4, -4, -4);
        Tensor two = counted(1, 2, 1, 1);
        Tensor each = tensor(Shape.of(2, 1, 1, 1), 3.0, 4.0);
        holds(conv2d(two, each, null, 1, 0, 1, 2), Shape.of(1, 2, 1, 1), 0, 4);
    }

    @Test
    void threeAxes() {
        holds(conv3d(counted(1, 1, 2, 2, 2), Constants.onesLike(counted(1, 1, 2, 2, 2))), Shape.of(1, 1, 1, 1, 1), 28);
        holds(
                conv3d(counted(1, 1, 1, 1, 1).plus(1), ones.reshape(1, 1, 1, 1, 3), tensor(1.0), 1, 1, 1, 1)
                        .sum(),
                Shape.SCALAR,
                9 + 1);
    }

    @Test
    void transposed() {
        Geometry step = geometry(1, edge, 2, 0, 1);
        Tensor x = tensor(Shape.of(1, 1, 2), 1.0, 10.0);
        holds(convTransposed(x, edge, null, step, List.of(0), 1), Shape.of(1, 1, 4), -1, 1, -10, 10);
        holds(convTransposed(x, edge, tensor(5.0), step, List.of(1), 1), Shape.of(1, 1, 5), 4, 6, -5, 15, 5);
        error("output-padding", () -> convTransposed(x, edge, null, step, List.of(2), 1), "[2]");
        error("output-padding", () -> convTransposed(x, edge, null, step, List.of(), 1));
        error("conv-rank", () -> convTransposed(counted(1, 2), edge, null, step, List.of(0), 1), "[1, 2]");
        error("conv-channels", () -> convTransposed(counted(1, 2, 2), edge, null, step, List.of(0), 1));
    }

    @Test
    void samePaddingPutsTheOddRestAtTheEnd() {
        Geometry even = same(geometry(1, edge, 1, 0, 1), Shape.of(5));
        assertThat(even.before()).containsExactly(0);
        assertThat(even.after()).containsExactly(1);
        assertThat(convolve(line, edge, null, even, 1).shape()).isEqualTo(line.shape());
        Geometry strided = same(geometry(1, ones, 2, 0, 1), Shape.of(6));
        assertThat(strided.before()).containsExactly(0);
        assertThat(strided.after()).containsExactly(1);
        assertThat(strided.windows("conv", Shape.of(6))).isEqualTo(Shape.of(3));
        assertThat(same(geometry(1, edge, 4, 0, 1), Shape.of(8)).after()).containsExactly(0);
        assertThat(valid(even)).isEqualTo(geometry(1, edge, 1, 0, 1));
    }

    @Test
    void whatDoesNotFit() {
        error("conv-channels", () -> conv1d(counted(1, 2, 5), edge), "2 channels");
        error("conv-rank", () -> conv2d(line, edge), "[1, 1, 2]");
        error("conv-rank", () -> conv1d(counted(1, 5), edge));
        error("conv-bias", () -> conv1d(line, edge, tensor(1.0, 2.0), 1, 0, 1, 1), "1 output channels", "[2]");
        error("window-too-large", () -> conv1d(counted(1, 1, 1), edge));
        error("window-geometry", () -> conv1d(line, edge, null, 0, 0, 1, 1));
        error("conv-kernel", () -> convolve(line, edge, null, geometry(1, ones, 1, 0, 1), 1));
    }
}
