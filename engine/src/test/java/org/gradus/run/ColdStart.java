package org.gradus.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;

/// When a program has trained its first steps, in milliseconds since the start of its machine: for people, not for the
/// build. `docs/decisions/0006-cold-start.md` says how it is run.
final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) {
        report("main");
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        Session session = new Session(1, Type.FLOAT32);
        StepFunction training = Networks.training(Networks.lenet());
        Step step = session.step("train", Mode.TRAIN, (scope, in) -> {
            List<Tensor> results = training.trace(scope, in);
            report("traced");
            return results;
        });
        Array[] batch = Networks.batch(Type.FLOAT32, 64, 1, 28, 28);
        report("data");
        List<TensorType> types = Arrays.stream(batch).map(Array::type).toList();
        step.plan(types);
        report("bound");
        Array[] loss = step.run(batch).toArray(Array[]::new);
        for (int i = 1; i <= steps; i++) {
            if (i == 1 || i == 10 || i == 100 || i == 1000 || i == steps) {
                report("step " + i);
            }
            step.runInto(loss, batch);
        }
    }

    private static void report(String what) {
        double now = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        double cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e6;
        System.out.printf(Locale.ROOT, "%-9s %5.0f ms, %5.0f ms of processors%n", what, now, cpu);
    }
}
