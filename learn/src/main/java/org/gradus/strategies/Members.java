package org.gradus.strategies;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.data.Dataset;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Sgd;
import org.gradus.run.Session;
import org.gradus.train.Checkpoint;
import org.gradus.train.Event.Ending;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;

/// The members of an [Ensemble], trained side by side: with different seeds, models or data. The model that comes of it is the
/// ensemble.
///
/// @param parts the members
/// @param combination how their answers become one
/// @param judge the examples that each member, and all together, are measured by, if any
/// @param notes what the checkpoint of the ensemble says besides
public record Members(
        List<Part> parts,
        Ensemble.Combination combination,
        @Nullable Dataset judge,
        Map<String, Object> notes) implements Strategy {
    static final String JOINT = "together";

    /// Freezes the list.
    public Members {
        parts = List.copyOf(parts);
    }

    /// Members that differ in their seeds alone, `seed`, `seed + 1` …
    ///
    /// @param count how many there are
    public static Members of(
            Recipe recipe,
            int count,
            long seed,
            Ensemble.Combination combination,
            Dataset training,
            @Nullable Dataset validation) {
        return new Members(
                IntStream.range(0, count)
                        .mapToObj(i -> Part.of("member-" + (i + 1), recipe, seed + i, training, validation))
                        .toList(),
                combination,
                validation,
                Map.of());
    }

    /// What evaluates the ensemble: loss, metrics and batches of the first member.
    public Recipe recipe() {
        return recipe(parts.getFirst().recipe(), ensemble());
    }

    /// A recipe with an ensemble as its model, and nothing that goes by the paths of one member.
    public static Recipe recipe(Recipe member, Ensemble ensemble) {
        return new Recipe(
                        ensemble,
                        member.loss(),
                        member.metrics(),
                        Optimizer.of(0, Sgd.of()),
                        member.batch(),
                        member.epochs())
                .scoring(member.more().scoring());
    }

    private Ensemble ensemble() {
        return new Ensemble(parts.stream().map(part -> part.recipe().model()).toList(), combination);
    }

    @Override
    public Result train(Place place) {
        List<Trained> trained = place.trainAll(parts);
        if (trained.stream().anyMatch(member -> member.ending() == Ending.STOPPED)) {
            return Result.stopped();
        }
        Checkpoint together = together(trained);
        Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
        if (judge != null) {
            Type type = trained.getFirst().session().type();
            trained.forEach(member ->
                    measured.put(member.part().name(), member.trainer().evaluate(judge)));
            Trainer joint = new Trainer(new Session(parts.getFirst().seed(), type), recipe());
            joint.begin(together, List.of(), judge);
            measured.put(JOINT, joint.evaluate(judge));
        }
        return new Result(Ending.FINISHED, together, measured);
    }

    /// The models of all members in one checkpoint.
    private Checkpoint together(List<Trained> trained) {
        Map<String, Array> states = new LinkedHashMap<>();
        Map<String, String> described = new LinkedHashMap<>();
        for (int i = 0; i < trained.size(); i++) {
            Checkpoint member = trained.get(i).checkpoint();
            String path = Ensemble.path(i) + ".";
            member.bestModel().forEach((name, value) -> {
                if (!name.startsWith("auxiliary.")) {
                    states.put(path + name, value);
                    described.put(
                            path + name, String.valueOf(member.facts().states().get(name)));
                }
            });
        }
        Checkpoint.Facts first = trained.getFirst().checkpoint().facts();
        Checkpoint.Facts facts = new Checkpoint.Facts(
                first.format(),
                String.valueOf(ensemble()),
                described,
                first.conditions(),
                first.position(),
                null,
                notes);
        return new Checkpoint(states, Map.of(), Map.of(), facts);
    }
}
