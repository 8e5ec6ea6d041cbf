package org.gradus.train;

/// Somebody who is told what happens in training. Listeners are called on the training thread and should be quick.
@FunctionalInterface
public interface Listener {
    /// Takes notice.
    void on(Event event);
}
