package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.gradus.base.GradusException;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;

/// A rule with other learning rates and decays for some parameters, by their paths: Caffe's `lr_mult` and `decay_mult`,
/// PyTorch's parameter groups. `Groups.of(Sgd.of(0.9)).with("*.bias", 2, 0)`.
///
/// @param rule of all parameters
/// @param groups the first whose pattern matches counts; a parameter of none has the factors 1
public record Groups(Rule rule, List<Group> groups) implements Rule {
    /// Some parameters.
    ///
    /// @param pattern of their paths, where `*` stands for any text: `conv*`, `*.bias`
    /// @param learningRate what the learning rate is multiplied by
    /// @param weightDecay what λ of [DecayWeights] and [LpPenalty] is multiplied by
    public record Group(String pattern, double learningRate, double weightDecay) {
        /// @throws GradusException when a factor is negative
        public Group {
            Numbers.notNegative("The factor of a learning rate", learningRate);
            Numbers.notNegative("The factor of a weight decay", weightDecay);
        }

        private boolean matches(StateKey key) {
            return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), key.path());
        }
    }

    /// Freezes the list.
    public Groups {
        groups = List.copyOf(groups);
    }

    /// A rule without groups yet.
    public static Groups of(Rule rule) {
        return new Groups(rule, List.of());
    }

    /// This, with one more group, for parameters that are in none before.
    public Groups with(String pattern, double learningRate, double weightDecay) {
        List<Group> more = new ArrayList<>(groups);
        more.add(new Group(pattern, learningRate, weightDecay));
        return new Groups(rule, more);
    }

    /// @throws GradusException when a pattern matches no parameter
    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        for (Group group : groups) {
            if (update.keys().stream().noneMatch(group::matches)) {
                throw new GradusException(
                        "group-pattern",
                        "No parameter matches `" + group.pattern() + "`; there are "
                                + update.keys().stream().map(StateKey::path).toList()
                                + ". `*` stands for any text.");
            }
        }
        List<Group> chosen = update.keys().stream().map(this::group).toList();
        return rule.apply(
                update.withFactors(
                        chosen.stream().map(Group::learningRate).toList(),
                        chosen.stream().map(Group::weightDecay).toList()),
                directions);
    }

    @Override
    public List<Schedule> numbers() {
        return rule.numbers();
    }

    private Group group(StateKey key) {
        return groups.stream().filter(group -> group.matches(key)).findFirst().orElse(new Group("*", 1, 1));
    }
}
