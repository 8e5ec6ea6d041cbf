package org.gradus.train;

import java.util.List;
import java.util.Map;
import org.gradus.optim.Progress;

/// Something that happened while a model was trained. Events come in order, on the training thread: [RunStarted], for
/// each epoch [EpochStarted], a [StepDone] for each batch and [EpochDone], then [RunDone], which comes last whatever
/// happens. A run that is stopped may end within an epoch; one that goes on from there begins with [EpochStarted] for
/// the rest of it.
///
/// Epochs, batches and steps are counted from 1. Numbers are keyed by Keras' names: `loss`, the names of the metrics,
/// and for the validation data `val_loss` and so on; maps keep that order.
public sealed interface Event {
    /// Training begins.
    ///
    /// @param recipe what is trained, and how
    /// @param examples the size of the training data
    /// @param batches the batches of each epoch
    /// @param metrics the keys of the numbers that each [EpochDone] will bring
    /// @param start where it begins
    /// @param resumed whether it goes on with an earlier run
    record RunStarted(Recipe recipe, int examples, int batches, List<String> metrics, Progress start, boolean resumed)
            implements Event {}

    /// A pass over the training data begins.
    record EpochStarted(int epoch) implements Event {}

    /// One batch has changed the parameters.
    ///
    /// @param step the steps that the session has taken so far, in this run and earlier ones
    /// @param size the number of examples in the batch
    /// @param metrics of this batch, before its update
    /// @param means over the batches of this epoch so far
    record StepDone(
            long step,
            int epoch,
            int batch,
            int size,
            Map<String, Double> metrics,
            Map<String, Double> means,
            double learningRate)
            implements Event {}

    /// A pass over the training data is over, and over the validation data if there are any.
    ///
    /// @param metrics means over the epoch's examples, each before its batch's update; those of the validation data
    ///     after all of them
    /// @param learningRate of the last step
    /// @param seconds that the epoch took
    record EpochDone(long step, int epoch, Map<String, Double> metrics, double learningRate, double seconds)
            implements Event {}

    /// What goes on inside of the model, where the recipe is [inspected][Recipe#inspected]: before the first epoch, and before
    /// each [EpochDone].
    ///
    /// @param epoch after which it is so; 0 for the start
    record Inspected(int epoch, Inspection layers) implements Event {}

    /// Training is over.
    ///
    /// @param step the steps that the session has taken so far
    /// @param epochs that were finished
    /// @param best the best of them by the recipe's [EarlyStopping], 0 if none was watched for
    /// @param seconds that the run took
    record RunDone(Ending ending, long step, int epochs, int best, double seconds) implements Event {}

    /// How a run ends.
    enum Ending {
        /// All epochs are done.
        FINISHED,
        /// The recipe's [EarlyStopping] has seen no better epoch for long enough.
        EARLY,
        /// Somebody asked it to stop.
        STOPPED,
        /// The loss is no finite number any more.
        DIVERGED,
        /// An error was thrown.
        FAILED
    }
}
