package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gradus.autodiff.Derivatives;
import org.gradus.autodiff.GradientCheck;
import org.gradus.graph.Tensor;
import org.gradus.ops.Reductions;
import org.junit.jupiter.api.Test;

class IrisByHandTest {
    private final IrisByHand.Samples samples = IrisByHand.Samples.iris();
    private final Tensor w =
            IrisByHand.weights(2, IrisByHand.HIDDEN, IrisByHand.CLASSES).times(50);
    private final Tensor v = IrisByHand.weights(3, 3, IrisByHand.HIDDEN).times(50);

    private Tensor cost(List<Tensor> parameters) {
        return IrisByHand.cost(samples, parameters.get(0), parameters.get(1));
    }

    @Test
    void gradientsEqualTheFormulasOfTheSlides() {
        List<Tensor> found = Derivatives.valueAndGrad(this::cost, List.of(w, v)).gradients();
        List<Tensor> formulas = IrisByHand.formulas(samples, w, v);
        for (int i = 0; i < 2; i++) {
            assertThat(Reductions.norm(formulas.get(i), 2).item()).isGreaterThan(1e-3);
            assertThat(IrisByHand.difference(found.get(i), formulas.get(i))).isLessThan(1e-12);
        }
    }

    @Test
    void gradientsAgreeWithCentralDifferences() {
        GradientCheck.of(this::cost, List.of(w, v)).demand(1e-8);
    }
}
