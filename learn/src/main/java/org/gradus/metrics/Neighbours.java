package org.gradus.metrics;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;

/// What the nearest neighbours of examples say of them: how good embeddings are. T. Cover, P. Hart, *Nearest Neighbor Pattern
/// Classification*, 1967.
public final class Neighbours {
    private Neighbours() {}

    /// For each example the share that each class has in its nearest neighbours, by Euclidean distance and without itself:
    /// `[examples, classes]`. Of equally near ones the first count.
    ///
    /// @param places of the examples, `[examples, …]`
    /// @param labels their class numbers
    /// @param classes how many there are
    /// @param count how many neighbours, or all where there are fewer
    public static Array votes(Array places, Array labels, int classes, int count) {
        int size = labels.count();
        int width = places.count() / Math.max(1, size);
        double[] numbers = places.toDoubles();
        int asked = Math.min(count, size - 1);
        Array votes = Array.zeros(new TensorType(Type.FLOAT32, Shape.of(size, classes)));
        double[] nearest = new double[asked];
        int[] which = new int[asked];
        for (int i = 0; i < size; i++) {
            int found = 0;
            for (int other = 0; other < size && asked > 0; other++) {
                if (other == i) {
                    continue;
                }
                double distance = 0;
                for (int k = 0; k < width; k++) {
                    double apart = numbers[i * width + k] - numbers[other * width + k];
                    distance += apart * apart;
                }
                if (found < asked || distance < nearest[found - 1]) {
                    found = Math.min(asked, found + 1);
                    int place = found - 1;
                    for (; place > 0 && distance < nearest[place - 1]; place--) {
                        nearest[place] = nearest[place - 1];
                        which[place] = which[place - 1];
                    }
                    nearest[place] = distance;
                    which[place] = other;
                }
            }
            for (int k = 0; k < found; k++) {
                int vote = i * classes + (int) labels.getLong(which[k]);
                votes.set(vote, votes.get(vote) + 1.0 / found);
            }
        }
        return votes;
    }
}
