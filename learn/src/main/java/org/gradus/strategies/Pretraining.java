package org.gradus.strategies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.gradus.data.Dataset;
import org.gradus.data.Unweighted;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.StateKey.Role;
import org.gradus.nn.Mlp;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.run.Session;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// Parts that train the layers of a model without labels, but the last one with parameters, before a [Course] goes on to train
/// all of it. Lecture: *Making optimization easier*.
///
/// @param optimizer of these parts
/// @param batch the examples in each step
/// @param epochs of each part
/// @param corruption the share of the input that is left out at random
/// @param decoder of an autoencoder of all layers; null for a linear one
public record Pretraining(
        Optimizer optimizer,
        int batch,
        int epochs,
        double corruption,
        @Nullable Layer decoder) {
    /// One part: an autoencoder of all layers but the last.
    ///
    /// @param model a [Sequential] or an [Mlp]
    /// @throws GradusException when it is another one, or has fewer than two layers with weights
    public List<Part> autoencoder(Layer model, long seed, Dataset inputs) {
        int end = Blocks.of(model, inputs).ends().getLast();
        return List.of(part("pretraining", reconstruction(model, 0, end, decoder), seed, inputs));
    }

    /// A part for each layer with weights but the last: an autoencoder of what the layers before make of the input, which
    /// stay as they are. Y. Bengio et al., *Greedy Layer-Wise Training of Deep Networks*, 2007.
    ///
    /// @param model a [Sequential] or an [Mlp]
    /// @throws GradusException when it is another one, or has fewer than two layers with weights
    public List<Part> layerWise(Layer model, long seed, Dataset inputs) {
        Blocks blocks = Blocks.of(model, inputs);
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int end : blocks.ends()) {
            Part part = part("pretraining-" + (parts.size() + 1), reconstruction(model, from, end, null), seed, inputs);
            parts.add(part.with(part.recipe().freezing(blocks.before(from))).fresh("decoder.*"));
            from = end;
        }
        return parts;
    }

    private Reconstruction reconstruction(Layer model, int from, int end, @Nullable Layer back) {
        return new Reconstruction(layers(model), model instanceof Mlp, from, end, back, corruption);
    }

    private static Sequential layers(Layer model) {
        return switch (model) {
            case Sequential layers -> layers;
            case Mlp mlp -> mlp.layers();
            default ->
                throw new GradusException(
                        "pretraining-layers",
                        "A model is pre-trained layer by layer, but "
                                + model.getClass().getSimpleName()
                                + " is no list of layers. Give a Sequential or an Mlp.");
        };
    }

    private Part part(String name, Layer model, long seed, Dataset inputs) {
        Recipe recipe = new Recipe(model, Reconstruction::loss, Map.of(), optimizer, batch, epochs);
        return Part.of(name, recipe, seed, new Unweighted(inputs), null);
    }

    /// Which layers of a model have parameters.
    ///
    /// @param trained those with any
    /// @param ends where each layer with weights but the last has ended: before the next one with some
    private record Blocks(List<Integer> trained, List<Integer> ends) {
        static Blocks of(Layer model, Dataset inputs) {
            layers(model);
            Session session = new Session(0, Type.FLOAT32, 1);
            session.step("layers", Scope.Mode.EVAL, (scope, x) -> List.of(model.forward(scope, x.getFirst())))
                    .plan(List.of(inputs.batch(0).features().type()));
            List<Integer> weighty = owners(session, key -> key.role() == Role.WEIGHT || key.role() == Role.EMBEDDING);
            if (weighty.size() < 2) {
                throw new GradusException(
                        "pretraining-layers",
                        "A model is pre-trained without its last layer, but it has " + weighty.size()
                                + " with weights. Give it at least 2.");
            }
            return new Blocks(owners(session, key -> key.role().isTrained()), weighty.subList(1, weighty.size()));
        }

        private static List<Integer> owners(Session session, Predicate<StateKey> counts) {
            return session.states().stream()
                    .filter(counts)
                    .map(key ->
                            Integer.valueOf(key.path().substring(0, key.path().indexOf('.'))))
                    .distinct()
                    .sorted()
                    .toList();
        }

        /// Patterns of the parameters of the layers before one.
        String[] before(int layer) {
            return trained.stream()
                    .filter(owner -> owner < layer)
                    .map(owner -> owner + ".*")
                    .toArray(String[]::new);
        }
    }
}
