package org.gradus.strategies;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.gradus.base.Futures;
import org.gradus.base.Type;
import org.gradus.run.Session;
import org.gradus.train.Checkpoint;
import org.gradus.train.Checkpoints;
import org.gradus.train.Event.Ending;
import org.gradus.train.LayersFile;
import org.gradus.train.Listener;
import org.gradus.train.MetricsFile;
import org.gradus.train.Trainer;
import org.jspecify.annotations.Nullable;

/// Where a strategy trains its parts: on which threads, in which folder they are kept, and who hears of them. In a folder each
/// part has one of its own with `checkpoints` and `metrics.csv`, as a run has, and `layers.csv` where its recipe is inspected.
public final class Place {
    private final @Nullable Path folder;
    private final Type type;
    private final int threads;
    private final int loaders;
    private final boolean precise;
    private final Function<Part, List<Listener>> listeners;
    private final Set<Trainer> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    private Place(
            @Nullable Path folder,
            Type type,
            int threads,
            int loaders,
            boolean precise,
            Function<Part, List<Listener>> listeners) {
        this.folder = folder;
        this.type = type;
        this.threads = threads;
        this.loaders = loaders;
        this.precise = precise;
        this.listeners = listeners;
    }

    /// In memory alone, on all processors, with parameters in `float32`.
    public static Place inMemory() {
        return new Place(null, Type.FLOAT32, Runtime.getRuntime().availableProcessors(), 1, false, part -> List.of());
    }

    /// The same, but parts are kept in a folder, and go on from what is there.
    public Place in(Path other) {
        return new Place(other, type, threads, loaders, precise, listeners);
    }

    /// The same with another type of parameters.
    public Place with(Type other) {
        return new Place(folder, other, threads, loaders, precise, listeners);
    }

    /// The same on so many threads; the numbers are the same.
    public Place on(int count) {
        return new Place(folder, type, count, loaders, precise, listeners);
    }

    /// The same, where the batches of each part are made on so many threads.
    public Place loading(int count) {
        return new Place(folder, type, threads, count, precise, listeners);
    }

    /// The same, where convolutions are computed tap by tap.
    public Place precise(boolean whether) {
        return new Place(folder, type, threads, loaders, whether, listeners);
    }

    /// The same, with listeners for each part. Parts that are trained at the same time tell theirs on threads of their own.
    public Place telling(Function<Part, List<Listener>> others) {
        return new Place(folder, type, threads, loaders, precise, others);
    }

    /// Asks all that goes on here to end after its current step, and what follows not to begin. Any thread may call it.
    public void stop() {
        stopping = true;
        running.forEach(Trainer::stop);
    }

    /// Trains a part, or goes on with it.
    ///
    /// @param from where it starts; null for the initial values of its model
    Trained train(Part part, @Nullable Checkpoint from) {
        return train(part, from, threads);
    }

    private Trained train(Part part, @Nullable Checkpoint from, int count) {
        Session session = new Session(part.seed(), type, count);
        session.setPrecise(precise);
        List<Listener> heard = new ArrayList<>(listeners.apply(part));
        Checkpoints checkpoints = null;
        if (folder != null) {
            Path own = folder.resolve(part.name());
            checkpoints = Checkpoints.in(own.resolve("checkpoints")).with(part.notes());
            boolean anew = checkpoints.lastFolder().isEmpty();
            heard.addFirst(new MetricsFile(cleared(own, "metrics.csv", anew)));
            heard.add(new LayersFile(cleared(own, "layers.csv", anew)));
        }
        Trainer trainer = new Trainer(session, part.recipe(), heard.toArray(Listener[]::new));
        trainer.loaders(loaders);
        running.add(trainer);
        try {
            if (stopping) {
                trainer.stop();
            }
            if (checkpoints != null) {
                trainer.keep(checkpoints);
                if (checkpoints.lastFolder().isPresent()) {
                    Ending ending = trainer.resume(checkpoints.last(), part.training(), part.validation());
                    return new Trained(part, session, trainer, ending);
                }
            }
            if (from != null) {
                trainer.begin(from, part.fresh(), part.training());
                session.setSteps(from.facts().position().step());
            }
            return new Trained(part, session, trainer, trainer.fit(part.training(), part.validation()));
        } finally {
            running.remove(trainer);
        }
    }

    /// Trains parts that do not depend on each other, some at a time; the first that fails ends them all.
    List<Trained> trainAll(List<Part> parts) {
        int together = Math.clamp(threads, 1, Math.max(1, parts.size()));
        int each = Math.max(1, threads / together);
        List<Trained> trained = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                together, Thread.ofPlatform().daemon().name("gradus-part-", 0).factory())) {
            List<Future<Trained>> begun = new ArrayList<>();
            for (Part part : parts) {
                begun.add(workers.submit(() -> {
                    try {
                        return train(part, null, each);
                    } catch (RuntimeException | Error e) {
                        stop();
                        throw e;
                    }
                }));
            }
            for (Future<Trained> part : begun) {
                trained.add(Futures.result(part));
            }
        }
        return trained;
    }

    /// A file of a listener.
    ///
    /// @param anew whether there is no checkpoint; then what a killed process has left of its first steps is removed
    private static Path cleared(Path own, String name, boolean anew) {
        Path file = own.resolve(name);
        try {
            Files.createDirectories(own);
            if (anew) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
