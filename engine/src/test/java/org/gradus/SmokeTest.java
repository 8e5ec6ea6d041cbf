package org.gradus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Softmax;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.junit.jupiter.api.Test;

/// Touches everything once, and runs first: numbers, derivatives, a trace, a plan, kernels, a trained parameter.
class SmokeTest {
    @Test
    void everythingRuns() {
        Tensor x = Eager.tensor(Shape.of(2, 2), 1.0, 2.0, 3.0, 4.0);
        assertThat(Softmax.softmax(x, 1).sum().item()).isEqualTo(2);
        assertThat(Derivatives.checkGradients(t -> t.matmul(t).tanh(), x.times(0.1))
                        .error())
                .isLessThan(1e-8);

        Session session = new Session(1, Type.FLOAT32);
        Step step = session.step("train", Mode.TRAIN, (scope, in) -> {
            Tensor w = scope.parameter("w", Role.WEIGHT, Initial.constant(0), 2, 1);
            Tensor loss = in.get(0).matmul(w).minus(in.get(1)).squared().mean();
            scope.assign(w, w.minus(Reverse.gradients(loss, List.of(w)).get(0).times(0.05)));
            return List.of(loss);
        });
        Array points = Array.of(Shape.of(3, 2), 1f, 2f, 3f, -1f, 0.5f, 1f);
        Array values = Array.of(Shape.of(3, 1), 5f, 1f, 2.5f); // = 1 · first + 2 · second
        for (int i = 0; i < 400; i++) {
            step.run(points, values);
        }
        assertThat(step.run(points, values).get(0).get(0)).isLessThan(1e-6);
        assertThat(session.state("w").get(1)).isBetween(1.99, 2.01);
    }
}
