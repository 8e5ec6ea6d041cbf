package org.gradus.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;

/// The order in which the examples of a data set are visited.
public final class Order {
    private static final long SHUFFLE = Philox.stream("data.shuffle", 0);

    private Order() {}

    /// As they lie: 0, 1, 2 …
    public static int[] sequential(int size) {
        return IntStream.range(0, size).toArray();
    }

    /// In random order, each of the orders equally likely (Fisher and Yates' shuffle). It depends on these three
    /// numbers alone and is the same on every machine.
    ///
    /// @param epoch makes the order of each pass over the data another one
    public static int[] shuffled(int size, long seed, long epoch) {
        return shuffled(sequential(size), Philox.of(seed, SHUFFLE, epoch));
    }

    /// Cuts an order into batches of this size; the last one holds what is left.
    ///
    /// @throws GradusException when the size is not positive
    public static List<int[]> batches(int[] order, int size) {
        if (size < 1) {
            throw new GradusException(
                    "batch-size", "A batch holds at least 1 example, but the batch size is " + size + ".");
        }
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(from + size, order.length)));
        }
        return batches;
    }

    /// Shuffles in place.
    static int[] shuffled(int[] positions, Philox random) {
        for (int i = positions.length - 1; i > 0; i--) {
            int other = (int) Math.unsignedMultiplyHigh(random.bits(i), i + 1L); // uniform on 0 … i
            int kept = positions[i];
            positions[i] = positions[other];
            positions[other] = kept;
        }
        return positions;
    }
}
