package org.gradus.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A listener that keeps what it is told, and may react.
final class Events implements Listener {
    final List<Event> all = new ArrayList<>();
    Listener reaction = event -> {};

    @Override
    public void on(Event event) {
        all.add(event);
        reaction.on(event);
    }

    <E extends Event> Stream<E> of(Class<E> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast);
    }
}
