package org.gradus.optim;

import java.util.ArrayList;
import java.util.List;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Logic;

/// A rule with other learning rates and decays for some parameters, by their paths: Caffe's `lr_mult` and `decay_mult`,
/// PyTorch's parameter groups. `Groups.of(Sgd.of(0.9)).with("*.bias", 2, 0)`.
///
/// @param rule of all parameters
/// @param groups the first whose pattern matches counts; a parameter of none has the factors 1
public record Groups(Rule rule, List<Group> groups) implements Rule {
    /// Some parameters.
    ///
    /// @param parameters which ones
    /// @param learningRate what the learning rate is multiplied by
    /// @param weightDecay what λ of [DecayWeights] and [LpPenalty] is multiplied by
    /// @param from the epoch, from 0, until which they stand still; what the rule remembers of them is gathered before
    public record Group(Parameters parameters, double learningRate, double weightDecay, double from) {
        private static final Group REST = new Group(new Parameters("*"), 1, 1, 0);

        /// @throws org.gradus.base.GradusException when a number is negative
        public Group {
            Numbers.notNegative("The factor of a learning rate", learningRate);
            Numbers.notNegative("The factor of a weight decay", weightDecay);
            Numbers.notNegative("The epoch in which parameters begin to move", from);
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
    ///
    /// @param pattern of their paths, where `*` stands for any text
    public Groups with(String pattern, double learningRate, double weightDecay) {
        return with(new Group(new Parameters(pattern), learningRate, weightDecay, 0));
    }

    /// This, with one more group, for parameters that are in none before.
    public Groups with(Group group) {
        List<Group> more = new ArrayList<>(groups);
        more.add(group);
        return new Groups(rule, more);
    }

    /// @throws org.gradus.base.GradusException when a pattern matches no parameter
    @Override
    public List<Tensor> apply(Update update, List<Tensor> directions) {
        groups.forEach(group -> group.parameters().demandAny(update.keys()));
        List<Group> chosen = update.keys().stream().map(this::group).toList();
        int own = rule.numbers().size();
        List<Tensor> steps = rule.apply(
                update.withNumbers(0, own)
                        .withFactors(
                                chosen.stream().map(Group::learningRate).toList(),
                                chosen.stream().map(Group::weightDecay).toList()),
                directions);
        List<Group> late = late();
        List<Tensor> results = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            int place = late.indexOf(chosen.get(i));
            results.add(
                    place < 0
                            ? steps.get(i)
                            : Logic.where(Logic.notEqual(update.number(own + place), 0), steps.get(i), 0));
        }
        return results;
    }

    @Override
    public List<Schedule> numbers() {
        List<Schedule> numbers = new ArrayList<>(rule.numbers());
        late().forEach(group -> numbers.add(progress -> progress.epochsDone() >= group.from() ? 1 : 0));
        return numbers;
    }

    /// The groups that do not move from the beginning.
    private List<Group> late() {
        return groups.stream().filter(group -> group.from() > 0).toList();
    }

    private Group group(StateKey key) {
        return groups.stream()
                .filter(group -> group.parameters().contains(key))
                .findFirst()
                .orElse(Group.REST);
    }
}
