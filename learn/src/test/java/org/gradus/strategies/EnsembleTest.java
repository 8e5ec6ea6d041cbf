package org.gradus.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope.Mode;
import org.gradus.run.Session;
import org.gradus.strategies.Ensemble.Combination;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private static final double[] FIRST = {Math.log(0.9), Math.log(0.1)};
    private static final double[] SECOND = {Math.log(0.2), Math.log(0.8)};
    private static final double[] THIRD = {Math.log(0.45), Math.log(0.55)};

    @Test
    void anAverageIsOfProbabilities() {
        assertThat(probabilities(Combination.AVERAGE, FIRST, SECOND, THIRD))
                .containsExactly(new double[] {(0.9 + 0.2 + 0.45) / 3, (0.1 + 0.8 + 0.55) / 3}, within(1e-15));
    }

    /// One vote against two; the mean probability is the fourth.
    @Test
    void aMajorityDecides() {
        double mean = (0.9 + 0.2 + 0.45) / 3;

        assertThat(probabilities(Combination.VOTE, FIRST, SECOND, THIRD))
                .containsExactly(new double[] {(1 + mean) / 4, (2 + 1 - mean) / 4}, within(1e-15));
    }

    @Test
    void whereVotesAreEqualProbabilitiesDecide() {
        assertThat(probabilities(Combination.VOTE, FIRST, SECOND)[0]).isCloseTo((1 + 0.55) / 3, within(1e-15));
    }

    @Test
    void numbersAreAveraged() {
        assertThat(answer(Combination.MEAN, new double[] {1, 4}, new double[] {3, 0}))
                .containsExactly(2, 2);
    }

    @Test
    void eachMemberHasItsOwnStates() {
        Session session = new Session(1, Type.FLOAT64, 1);
        Layer member = org.gradus.nn.Linear.of(2);
        session.eagerly(
                Mode.EVAL,
                (scope, x) ->
                        List.of(new Ensemble(List.of(member, member), Combination.AVERAGE).forward(scope, x.get(0))),
                Array.of(Shape.of(1, 3), 1.0, 2, 3));

        assertThat(session.states().stream().map(key -> key.path()))
                .containsExactly("members.0.weight", "members.0.bias", "members.1.weight", "members.1.bias");
        assertThat(session.state("members.0.weight").toDoubles())
                .isNotEqualTo(session.state("members.1.weight").toDoubles());
    }

    private static double[] probabilities(Combination combination, double[]... logits) {
        double[] logs = answer(combination, logits);
        return java.util.Arrays.stream(logs).map(Math::exp).toArray();
    }

    private static double[] answer(Combination combination, double[]... answers) {
        List<Layer> members = java.util.Arrays.stream(answers)
                .<Layer>map(answer -> (scope, x) -> x.tracer().constant(Array.of(Shape.of(1, 2), answer)))
                .toList();
        return new Session(1, Type.FLOAT64, 1)
                .eagerly(
                        Mode.EVAL,
                        (scope, x) -> List.of(new Ensemble(members, combination).forward(scope, x.get(0))),
                        Array.of(Shape.of(1, 1), 0.0))
                .getFirst()
                .toDoubles();
    }
}
