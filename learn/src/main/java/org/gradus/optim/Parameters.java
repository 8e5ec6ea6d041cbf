package org.gradus.optim;

import java.util.Collection;
import java.util.regex.Pattern;
import org.gradus.base.GradusException;
import org.gradus.graph.StateKey;

/// Some of a model's parameters, by a pattern of their paths where `*` stands for any text: `conv*`, `*.bias`.
public record Parameters(String pattern) {
    /// Whether a parameter is one of them.
    public boolean contains(StateKey key) {
        return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), key.path());
    }

    /// Checks that there are any.
    ///
    /// @throws GradusException when none of these is one of them
    public void demandAny(Collection<StateKey> all) {
        if (all.stream().noneMatch(this::contains)) {
            throw new GradusException(
                    "group-pattern",
                    "No parameter matches `" + pattern + "`; there are "
                            + all.stream().map(StateKey::path).toList() + ". `*` stands for any text.");
        }
    }
}
