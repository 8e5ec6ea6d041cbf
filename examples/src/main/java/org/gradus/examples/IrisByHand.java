package org.gradus.examples;

import java.util.List;
import java.util.Locale;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.Derivatives.ValueAndGradients;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.eager.Eager;
import org.gradus.graph.Source.Distribution;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;
import org.gradus.ops.Softmax;

/// The lecture's two-layer perceptron on Iris, its gradients twice: by the formulas of the slides, and by automatic
/// differentiation.
///
/// Two features and a constant 1 (D = 3), M = 16 hidden logistic units, C = 3 classes, softmax cross-entropy; gradient
/// descent on all samples.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 6.1 to 6.3.
public final class IrisByHand {
    static final int HIDDEN = 16;
    static final int CLASSES = 3;

    private IrisByHand() {}

    /// The samples: `x` [150, 3], the first two features and 1; `y` [150, 3], one-hot.
    record Samples(Tensor x, Tensor y) {
        static Samples iris() {
            Examples iris = Datasets.iris();
            int n = iris.size();
            double[] x = new double[n * 3];
            double[] y = new double[n * CLASSES];
            Array features = iris.features();
            for (int i = 0; i < n; i++) {
                x[i * 3] = features.get(i * 4);
                x[i * 3 + 1] = features.get(i * 4 + 1);
                x[i * 3 + 2] = 1;
                y[i * CLASSES + (int) iris.labels().getLong(i)] = 1;
            }
            return new Samples(Eager.tensor(Shape.of(n, 3), x), Eager.tensor(Shape.of(n, CLASSES), y));
        }
    }

    /// J = mean over samples of (log Σ e^u - y · u), with u = logistic(x V) W.
    static Tensor cost(Samples samples, Tensor w, Tensor v) {
        Tensor u = samples.x().matmul(v).sigmoid().matmul(w); // [150, 3]
        return Reductions.logSumExp(u, 1).minus(u.times(samples.y()).sum(1)).mean();
    }

    /// The slide's `gradients`: dW = Zᵀ (Ŷ - Y) / N and dV = Xᵀ ((Ŷ - Y) Wᵀ ∘ Z ∘ (1 - Z)) / N.
    static List<Tensor> formulas(Samples samples, Tensor w, Tensor v) {
        int n = samples.x().shape().size(0);
        Tensor z = samples.x().matmul(v).sigmoid(); // [150, 16]
        Tensor yh = Softmax.softmax(z.matmul(w), 1); // [150, 3]
        Tensor dy = yh.minus(samples.y());
        Tensor dw = z.transposed().matmul(dy).div(n); // [16, 3]
        Tensor dz = dy.matmul(w.transposed());
        Tensor dv = samples.x()
                .transposed()
                .matmul(dz.times(z).times(z.negated().plus(1)))
                .div(n); // [3, 16]
        return List.of(dw, dv);
    }

    /// Small random weights, as on the slide: normal with deviation 0.01.
    static Tensor weights(long use, int... sizes) {
        return Eager.stream(5, use)
                .draw(Distribution.NORMAL, Type.FLOAT64, Shape.of(sizes))
                .times(0.01);
    }

    /// Descends for 2,000 steps and prints the cost, the gradient's norm and how far both gradients are apart.
    public static void main(String[] args) {
        Samples samples = Samples.iris();
        Tensor w = weights(0, HIDDEN, CLASSES);
        Tensor v = weights(1, 3, HIDDEN);
        for (int step = 0; step <= 2000; step++) {
            ValueAndGradients found = Derivatives.valueAndGrad(p -> cost(samples, p.get(0), p.get(1)), List.of(w, v));
            Tensor dw = found.gradients().get(0);
            Tensor dv = found.gradients().get(1);
            if (step % 500 == 0) {
                List<Tensor> byHand = formulas(samples, w, v);
                System.out.printf(
                        Locale.ROOT,
                        "step %4d: cost %.6f, |dW| %.2e, largest difference to the formulas %.1e%n",
                        step,
                        found.value().item(),
                        Reductions.norm(dw, 2).item(),
                        Math.max(difference(dw, byHand.get(0)), difference(dv, byHand.get(1))));
            }
            w = w.minus(dw.times(0.1));
            v = v.minus(dv.times(0.1));
        }
        Tensor guesses = Reductions.argmax(samples.x().matmul(v).sigmoid().matmul(w), 1);
        Tensor right = Reductions.argmax(samples.y(), 1);
        double share = org.gradus.ops.Logic.equal(guesses, right)
                .to(Type.FLOAT64)
                .mean()
                .item();
        System.out.printf(Locale.ROOT, "training accuracy %.4f%n", share);
    }

    static double difference(Tensor a, Tensor b) {
        return Reductions.amax(org.gradus.ops.Elementwise.abs(a.minus(b))).item();
    }
}
