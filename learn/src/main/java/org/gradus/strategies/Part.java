package org.gradus.strategies;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.data.Dataset;
import org.gradus.optim.Parameters;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// One training of a strategy.
///
/// @param name of it, and of the folder that it is kept in
/// @param recipe what is trained, and how
/// @param seed of its session
/// @param training what it learns from
/// @param validation what is evaluated after each epoch, if anything
/// @param fresh parameters that start anew where it goes on from another part, such as a head that is replaced
/// @param notes what its checkpoints say besides
public record Part(
        String name,
        Recipe recipe,
        long seed,
        Dataset training,
        @Nullable Dataset validation,
        List<Parameters> fresh,
        Map<String, Object> notes) {
    /// Freezes list and map.
    public Part {
        fresh = List.copyOf(fresh);
        notes = Collections.unmodifiableMap(new LinkedHashMap<>(notes));
    }

    /// One without notes, that keeps all parameters that it finds.
    public static Part of(String name, Recipe recipe, long seed, Dataset training, @Nullable Dataset validation) {
        return new Part(name, recipe, seed, training, validation, List.of(), Map.of());
    }

    /// The same, where some parameters start anew: `part.fresh("head.*")`.
    ///
    /// @param patterns of their paths, where `*` stands for any text
    public Part fresh(String... patterns) {
        return new Part(
                name,
                recipe,
                seed,
                training,
                validation,
                List.of(patterns).stream().map(Parameters::new).toList(),
                notes);
    }

    /// The same with these notes.
    public Part with(Map<String, Object> more) {
        return new Part(name, recipe, seed, training, validation, fresh, more);
    }

    /// The same with another recipe.
    public Part with(Recipe other) {
        return new Part(name, other, seed, training, validation, fresh, notes);
    }
}
