package org.gradus.optim;

/// How far training has come when a step begins; all counts are from 0.
///
/// @param step the training steps that the session has taken before, in this run and earlier ones
/// @param epoch the passes over the data that this run has finished
/// @param epochs the passes that it will make
/// @param batch the batches of this pass that are done
/// @param batches the batches of each pass
public record Progress(long step, int epoch, int epochs, int batch, int batches) {
    /// The first step of a run of one pass over one batch.
    public static final Progress START = new Progress(0, 0, 1, 0, 1);

    /// The passes finished, with the part of the current one.
    public double epochsDone() {
        return epoch + (double) batch / batches;
    }

    /// The part of the run that is finished, from 0 to below 1.
    public double share() {
        return epochsDone() / epochs;
    }
}
