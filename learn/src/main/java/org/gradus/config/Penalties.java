package org.gradus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gradus.graph.StateKey;
import org.gradus.graph.StateKey.Role;
import org.gradus.optim.Accumulate;
import org.gradus.optim.Chain;
import org.gradus.optim.ChainedRule;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Groups;
import org.gradus.optim.LpPenalty;
import org.gradus.optim.MaxNorm;
import org.gradus.optim.Only;
import org.gradus.optim.Rule;
import org.gradus.optim.ShrinkToZero;

/// What keeps parameters small in an optimizer, and which parameters these are.
///
/// @param name such as `weight decay of 0.01`
/// @param drawn which parameters
record Penalties(String name, Predicate<StateKey> drawn) {
    /// Those of a rule, in its order.
    static List<Penalties> of(Rule rule) {
        List<Penalties> all = new ArrayList<>();
        collect(rule, _ -> true, _ -> true, all);
        return all;
    }

    /// @param here the parameters that the rule is of
    /// @param decayed those whose group has not set their decay to 0
    private static void collect(Rule rule, Predicate<StateKey> here, Predicate<StateKey> decayed, List<Penalties> all) {
        Predicate<StateKey> both = here.and(decayed);
        switch (rule) {
            case Chain chain -> chain.rules().forEach(one -> collect(one, here, decayed, all));
            case ChainedRule chained -> collect(chained.chain(), here, decayed, all);
            case Accumulate gathered -> collect(gathered.rule(), here, decayed, all);
            case Only some -> collect(some.rule(), here.and(some.parameters()::contains), decayed, all);
            case Groups groups ->
                collect(
                        groups.rule(),
                        here,
                        decayed.and(key -> groups.groups().stream()
                                .filter(group -> group.parameters().contains(key))
                                .findFirst()
                                .map(group -> group.weightDecay() > 0)
                                .orElse(true)),
                        all);
            case DecayWeights decay
            when decay.rate() > 0 ->
                all.add(new Penalties("weight decay of " + decay.rate(), both.and(of(decay.roles()))));
            case LpPenalty penalty
            when penalty.rate() > 0 ->
                all.add(new Penalties(
                        (penalty.root() ? "norm" : "powers") + " of order " + penalty.order() + " times "
                                + penalty.rate(),
                        both.and(of(penalty.roles()))));
            case ShrinkToZero shrink
            when shrink.rate() > 0 ->
                all.add(new Penalties("shrinking by " + shrink.rate(), both.and(of(shrink.roles()))));
            case MaxNorm max ->
                all.add(new Penalties(
                        "largest norm of " + max.limit(),
                        here.and(key ->
                                key.role() == Role.WEIGHT && key.type().shape().rank() > 1)));
            default -> {}
        }
    }

    private static Predicate<StateKey> of(List<Role> roles) {
        return key -> roles.contains(key.role());
    }

    /// Such as `weight decay of 0.01: of 430,500 parameters, not of 580 (biases)`.
    ///
    /// @param trained the parameters that are trained
    String told(List<StateKey> trained) {
        List<StateKey> left = trained.stream().filter(drawn.negate()).toList();
        long count = count(left);
        String others = left.stream()
                .map(StateKey::role)
                .distinct()
                .sorted()
                .map(role -> switch (role) {
                    case BIAS -> "biases";
                    case NORM -> "norms";
                    case EMBEDDING -> "embeddings";
                    default -> "weights";
                })
                .collect(Collectors.joining(", "));
        return name
                + String.format(Locale.ROOT, ": of %,d parameters", count(trained) - count)
                + (count == 0 ? "" : String.format(Locale.ROOT, ", not of %,d (%s)", count, others));
    }

    private static long count(List<StateKey> keys) {
        return keys.stream().mapToLong(key -> key.type().shape().count()).sum();
    }
}
