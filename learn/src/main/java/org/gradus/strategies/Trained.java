package org.gradus.strategies;

import org.gradus.run.Session;
import org.gradus.train.Checkpoint;
import org.gradus.train.Event.Ending;
import org.gradus.train.Trainer;

/// A part that has been trained.
///
/// @param session with the numbers of its model, as it is used
/// @param trainer that evaluates it
/// @param ending how its training ended
public record Trained(Part part, Session session, Trainer trainer, Ending ending) {
    /// What it takes to use it, or to go on from it.
    public Checkpoint checkpoint() {
        return trainer.checkpoint().with(part.notes());
    }
}
