package org.gradus.optim;

import java.util.List;
import java.util.Map;

/// How far training has come when a step begins; all counts are from 0.
///
/// @param step the steps that the optimizer has made before, in this run and earlier ones
/// @param epoch the passes over the data that this run has finished
/// @param epochs the passes that it will make
/// @param batch the batches of this pass that are done
/// @param batches the batches of each pass
/// @param history what each finished pass gave: the metrics by name, as `val_loss`
public record Progress(long step, int epoch, int epochs, int batch, int batches, List<Map<String, Double>> history) {
    /// The first step of a run of one pass over one batch.
    public static final Progress START = new Progress(0, 0, 1, 0, 1);

    /// Where no metrics are followed.
    public Progress(long step, int epoch, int epochs, int batch, int batches) {
        this(step, epoch, epochs, batch, batches, List.of());
    }

    /// The same, but for the steps that were made.
    Progress at(long steps) {
        return new Progress(steps, epoch, epochs, batch, batches, history);
    }

    /// The same at another batch of the current pass.
    public Progress atBatch(int other) {
        return new Progress(step - batch + other, epoch, epochs, other, batches, history);
    }

    /// The passes finished, with the part of the current one.
    public double epochsDone() {
        return epoch + (double) batch / batches;
    }

    /// The part of the run that is finished, from 0 to below 1.
    public double share() {
        return epochsDone() / epochs;
    }
}
