package org.gradus.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private final Shape shape = Shape.of(2, 3, 4);

    @Test
    void knowsItsSizes() {
        assertThat(shape.rank()).isEqualTo(3);
        assertThat(shape.count()).isEqualTo(24);
        assertThat(shape.size(-1)).isEqualTo(4);
        assertThat(shape.strides()).containsExactly(12, 4, 1);
        assertThat(Shape.SCALAR.count()).isEqualTo(1);
        assertThat(Shape.of(0, 5).count()).isZero();
        assertThat(Shape.of(100_000, 100_000, 0).count()).isZero();
        assertThat(shape).hasToString("[2, 3, 4]").isEqualTo(Shape.of(List.of(2, 3, 4)));
    }

    @Test
    void axesCountFromBothEnds() {
        assertThat(shape.axes(-1, 0)).containsExactly(0, 2);
        assertThat(shape.axes()).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> shape.axis(3)).hasMessageContaining("Axis 3").hasMessageContaining("0 to 2");
        assertThatThrownBy(() -> shape.axes(1, -2)).hasMessageContaining("name one axis twice");
        assertThatThrownBy(() -> Shape.SCALAR.axis(0)).hasMessageContaining("scalar");
    }

    @Test
    void changesAreNewShapes() {
        assertThat(shape.with(1, 7)).isEqualTo(Shape.of(2, 7, 4));
        assertThat(shape.inserted(3, 1)).isEqualTo(Shape.of(2, 3, 4, 1));
        assertThat(shape.without(List.of(0, 2))).isEqualTo(Shape.of(3));
        assertThat(shape.part(1, 3).joined(Shape.of(9))).isEqualTo(Shape.of(3, 4, 9));
        assertThat(shape).isEqualTo(Shape.of(2, 3, 4));
    }

    @Test
    void broadcastsAsNumPyDoes() {
        assertThat(Shape.of(3, 1).broadcast("add", Shape.of(2, 1, 4))).isEqualTo(shape);
        assertThat(Shape.of(0).broadcast("add", Shape.of(1))).isEqualTo(Shape.of(0));
        assertThat(Shape.of(1, 4).broadcastsTo(shape)).isTrue();
        assertThat(shape.broadcastsTo(Shape.of(3, 4))).isFalse();
        assertThatThrownBy(() -> Shape.of(2, 3).broadcast("add", Shape.of(2)))
                .hasMessageContaining("axis -1 has 3 on the left and 2 on the right");
    }

    @Test
    void refusesWhatNoArrayHolds() {
        assertThatThrownBy(() -> Shape.of(2, -1)).hasMessageContaining("no negative sizes");
        assertThatThrownBy(() -> Shape.of(65_536, 65_536)).hasMessageContaining("2147483647");
    }
}
