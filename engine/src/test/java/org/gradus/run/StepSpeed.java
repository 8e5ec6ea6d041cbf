package org.gradus.run;

import java.util.Arrays;
import java.util.Locale;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;

/// How long training steps take: for people, not for the build.
final class StepSpeed {
    private StepSpeed() {}

    public static void main(String[] arguments) {
        String only = arguments.length > 0 ? arguments[0] : "mlp lenet";
        if (only.contains("mlp")) {
            time("MLP 784-512-256-10, batch 64", Networks.perceptron(512, 256, 10), 64, 784);
        }
        if (only.contains("lenet")) {
            time("LeNet, batch 64", Networks.lenet(), 64, 1, 28, 28);
        }
    }

    private static void time(String name, Networks.Model model, int... sizes) {
        Session session = new Session(1, Type.FLOAT32, Integer.getInteger("threads", 1));
        Step step = session.step("train", Mode.TRAIN, Networks.training(model));
        Array[] batch = Networks.batch(Type.FLOAT32, sizes);
        long start = System.nanoTime();
        Array[] loss = step.run(batch).toArray(Array[]::new);
        System.out.printf(Locale.ROOT, "%s: first step %.0f ms%n", name, (System.nanoTime() - start) / 1e6);
        double[] millis = new double[Integer.getInteger("steps", 2000)];
        for (int i = 0; i < millis.length; i++) {
            long before = System.nanoTime();
            step.runInto(loss, batch);
            millis[i] = (System.nanoTime() - before) / 1e6;
        }
        double[] late = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
        Arrays.sort(late);
        System.out.printf(
                Locale.ROOT,
                "%s: median %.3f ms, best %.3f ms, loss %s%n",
                name,
                late[late.length / 2],
                late[0],
                loss[0].get(0));
        if (Boolean.getBoolean("explain")) {
            System.out.println(
                    step.explain(Arrays.stream(batch).map(Array::type).toList()));
        }
    }
}
