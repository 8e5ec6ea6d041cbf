package org.gradus.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// The kernels made so far, by description: equal descriptions share one kernel, warm or on its way there. Safe for any
/// number of threads.
///
/// It keeps the [#MOST] that were asked for last. That is far more than the plans of a program need, and bounds what
/// one that makes ever new ones (a search over architectures, a notebook that runs for weeks) can pile up: a kernel
/// that nothing runs any more and that is not here goes away with its class and its compiled code. One that a plan
/// still runs stays; asked for again, it is made again.
final class KernelCache<K, V> {
    /// How many kernels of a sort are kept; a kernel takes about 20 kB of class and compiled code.
    static final int MOST = 2_000;

    private final Function<? super K, ? extends V> make;
    private final Map<K, V> kernels;

    KernelCache(Function<? super K, ? extends V> make) {
        this(MOST, make);
    }

    KernelCache(int most, Function<? super K, ? extends V> make) {
        this.make = make;
        kernels = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /// The kernel of that description, made if there is none.
    synchronized V get(K description) {
        V known = kernels.get(description);
        if (known == null) {
            known = make.apply(description);
            kernels.put(description, known);
        }
        return known;
    }

    /// A description among those there are, if one is like that.
    synchronized Optional<K> find(Predicate<? super K> like) {
        return kernels.keySet().stream().filter(like).findFirst();
    }

    /// Does something with each kernel that there is now.
    void forEach(BiConsumer<? super K, ? super V> action) {
        Map<K, V> now;
        synchronized (this) {
            now = new LinkedHashMap<>(kernels);
        }
        now.forEach(action);
    }

    synchronized int size() {
        return kernels.size();
    }
}
