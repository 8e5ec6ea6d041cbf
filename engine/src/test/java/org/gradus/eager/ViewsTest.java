package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.base.Type.*;
import static org.gradus.eager.Case.*;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Views against results by hand, and against the views that undo them.
class ViewsTest {
    private static final Array X = array(FLOAT32, List.of(2, 3), 1, 2, 3, 4, 5, 6);

    static Stream<Case> cases() {
        long big = (1L << 53) + 1;
        return Stream.of(
                line(new View.Reshape(Shape.of(3, 2)), X, array(FLOAT32, List.of(3, 2), 1, 2, 3, 4, 5, 6)),
                line(new View.Reshape(Shape.SCALAR), floats(7), array(FLOAT32, List.of(), 7)),
                line(new View.Reshape(Shape.of(0, 5)), floats(), array(FLOAT32, List.of(0, 5))),
                line(new View.Permute(List.of(1, 0)), X, array(FLOAT32, List.of(3, 2), 1, 4, 2, 5, 3, 6)),
                line(
                        new View.Permute(List.of(2, 0, 1)),
                        array(INT32, List.of(1, 2, 3), 1, 2, 3, 4, 5, 6),
                        array(INT32, List.of(3, 1, 2), 1, 4, 2, 5, 3, 6)),
                line(new View.Permute(List.of()), array(BOOL, List.of(), 1), array(BOOL, List.of(), 1)),
                line(new View.Broadcast(Shape.of(2, 2)), floats(1, 2), array(FLOAT32, List.of(2, 2), 1, 2, 1, 2)),
                line(
                        new View.Broadcast(Shape.of(2, 2, 2)),
                        array(FLOAT32, List.of(2, 1), 1, 2),
                        array(FLOAT32, List.of(2, 2, 2), 1, 1, 2, 2, 1, 1, 2, 2)),
                line(new View.Broadcast(Shape.of(0, 2)), floats(1, 2), array(FLOAT32, List.of(0, 2))),
                line(new View.Broadcast(Shape.of(2)), array(INT64, List.of(), 3), longs(3, 3)),
                line(slice(List.of(1), List.of(2), List.of(2)), longs(1, big, 3, big + 2, 5), longs(big, big + 2)),
                line(slice(List.of(0, 1), List.of(2, 2), List.of(1, 1)), X, array(FLOAT32, List.of(2, 2), 2, 3, 5, 6)),
                line(slice(List.of(2), List.of(0), List.of(1)), floats(1, 2), floats()),
                line(pad(List.of(1), List.of(2), List.of(0), 9), floats(1, 2), floats(9, 1, 2, 9, 9)),
                line(pad(List.of(0), List.of(1), List.of(2), 0), floats(1, 2, 3), floats(1, 0, 0, 2, 0, 0, 3, 0)),
                line(pad(List.of(2), List.of(1), List.of(4), 7), longs(), longs(7, 7, 7)),
                line(pad(List.of(0), List.of(0), List.of(1), 1), bools(false, false), bools(false, true, false)),
                line(
                        pad(List.of(1, 0), List.of(0, 1), List.of(0, 1), -1),
                        array(FLOAT32, List.of(1, 2), 1, 2),
                        array(FLOAT32, List.of(2, 4), -1, -1, -1, -1, 1, -1, 2, -1)),
                line(new View.Flip(List.of(1)), X, array(FLOAT32, List.of(2, 3), 3, 2, 1, 6, 5, 4)),
                line(new View.Flip(List.of(0, 1)), X, array(FLOAT32, List.of(2, 3), 6, 5, 4, 3, 2, 1)),
                line(new View.Flip(List.of(0)), floats(), floats()),
                new Case(
                        "concat",
                        new View.Concat(0),
                        List.of(longs(big), longs(), longs(1, 2)),
                        List.of(longs(big, 1, 2))),
                new Case(
                        "concat inner",
                        new View.Concat(1),
                        List.of(X, array(FLOAT32, List.of(2, 1), 7, 8)),
                        List.of(array(FLOAT32, List.of(2, 4), 1, 2, 3, 7, 4, 5, 6, 8))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void values(Case line) {
        line.check();
    }

    @ParameterizedTest
    @EnumSource
    void andBackAgain(Type type) {
        Array x = array(
                type,
                List.of(2, 3, 4),
                Stream.iterate(-3.0, v -> v + 1).limit(24).mapToDouble(v -> v).toArray());
        View.Permute permute = new View.Permute(List.of(2, 0, 1));
        View.Pad pad = pad(List.of(1, 0, 2), List.of(0, 3, 1), List.of(2, 0, 1), 1);
        View.Slice unpad = slice(List.of(1, 0, 2), List.of(2, 3, 4), List.of(3, 1, 2));
        View.Flip flip = new View.Flip(List.of(0, 2));
        for (List<View> pair : List.of(
                List.<View>of(permute, permute.inverse()),
                List.<View>of(pad, unpad),
                List.<View>of(flip, flip),
                List.<View>of(new View.Reshape(Shape.of(4, 6)), new View.Reshape(x.shape())))) {
            Array there = run(pair.get(0), x).get(0);
            Case.of(pair.toString(), pair.get(1), there, x).check();
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByInfer() {
        refusal("reshape-count", new View.Reshape(Shape.of(4)), X);
        refusal("permute-order", new View.Permute(List.of(0, 0)), X);
        refusal("broadcast-to", new View.Broadcast(Shape.of(2, 4)), X);
        refusal("slice-range", slice(List.of(0, 2), List.of(2, 2), List.of(1, 1)), X);
        refusal("slice-range", slice(List.of(0, -1), List.of(2, 1), List.of(1, 1)), X);
        refusal("pad-amounts", pad(List.of(-1, 0), List.of(0, 0), List.of(0, 0), 0), X);
        refusal("axis-range", new View.Flip(List.of(-1)), X);
        refusal("axis-range", new View.Concat(-1), X, X);
        refusal("concat-shapes", new View.Concat(0), X, array(FLOAT32, List.of(1, 2), 1, 2));
        refusal("mixed-types", new View.Concat(0), floats(1), longs(1));
    }

    @Test
    void aReshapeSharesItsNumbers() {
        Array same = run(new View.Reshape(Shape.of(6)), X).get(0);
        assertThat(same.storage()).isSameAs(X.storage());
    }

    private static View.Slice slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) {
        return new View.Slice(starts, sizes, steps);
    }

    private static View.Pad pad(List<Integer> before, List<Integer> after, List<Integer> between, double value) {
        return new View.Pad(before, after, between, value);
    }

    private static Case line(View view, Array x, Array expected) {
        return Case.of(view + " of " + x, view, x, expected);
    }
}
