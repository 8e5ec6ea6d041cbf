package org.gradus.data;

/// A data set whose examples all count alike in a loss.
///
/// @param examples whose weights are left out
public record Unweighted(Dataset examples) implements Dataset {
    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public Batch batch(int... positions) {
        Batch batch = examples.batch(positions);
        return new Batch(batch.features(), batch.labels());
    }

    @Override
    public Dataset pass(long seed, long epoch) {
        return new Unweighted(examples.pass(seed, epoch));
    }
}
