package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.plan.Plan;
import org.junit.jupiter.api.Test;

/// What a profile says of a step that was recorded.
class ProfileTest {
    @Test
    void kernelsAreThoseOfTheShapeThatRanMostOften() {
        Session session = new Session(1, Type.FLOAT32);
        Step step = session.step("train", Mode.TRAIN, Networks.training(Networks.perceptron(8, 10)));
        Array[] usual = Networks.batch(Type.FLOAT32, 6, 5);
        Array[] last = Networks.batch(Type.FLOAT32, 3, 5);
        Profile profile;
        try (Profile.Recorder recorder = new Profile.Recorder()) {
            step.run(usual);
            step.run(last);
            step.run(usual);
            profile = recorder.stop("train");
        }
        Plan plan = step.plan(Arrays.stream(usual).map(Array::type).toList());
        assertThat(profile.step()).isEqualTo("train");
        assertThat(profile.runs()).isEqualTo(2);
        assertThat(profile.kernels()).hasSameSizeAs(plan.entries());
        for (int i = 0; i < plan.entries().size(); i++) {
            Profile.Kernel kernel = profile.kernels().get(i);
            Plan.Entry entry = plan.entries().get(i);
            assertThat(kernel.number()).isEqualTo(i);
            assertThat(kernel.label()).isEqualTo(entry.label());
            assertThat(kernel.path()).isEqualTo(entry.path());
            assertThat(kernel.flops()).isEqualTo(entry.flops());
            assertThat(kernel.bytes()).isEqualTo(plan.bytes(entry));
        }
        assertThat(profile.kernels().stream()
                        .mapToDouble(Profile.Kernel::millis)
                        .sum())
                .isPositive();
        assertThat(profile.millis()).isPositive();
    }

    @Test
    void aRateIsWhatIsDoneInASecond() {
        Profile.Kernel kernel = new Profile.Kernel(0, "matmul", "", 4_000_000, 2_000_000, 2);
        assertThat(kernel.gigaflops()).isEqualTo(2);
        assertThat(kernel.gigabytes()).isEqualTo(1);
    }

    /// A processor of this century does more than a hundred million of either in a second, and less than a hundred
    /// trillion.
    @Test
    void theMachineCanDoSomething() {
        Machine machine = Machine.measure(1);
        assertThat(machine.threads()).isEqualTo(1);
        assertThat(machine.flops()).isBetween(1e8, 1e14);
        assertThat(machine.bytes()).isBetween(1e8, 1e14);
    }
}
