package org.gradus.strategies;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.data.Dataset;
import org.gradus.train.Event.Ending;

/// The same training on other parts of the data, each measured by what it has not seen: how good a recipe is, with a mean and
/// a deviation over the folds. M. Stone, *Cross-validatory choice and assessment of statistical predictions*, 1974.
///
/// @param folds the trainings
/// @param heldOut what each of them is measured by, in their order
public record CrossValidation(List<Part> folds, List<Dataset> heldOut) implements Strategy {
    /// Freezes the lists.
    public CrossValidation {
        folds = List.copyOf(folds);
        heldOut = List.copyOf(heldOut);
    }

    @Override
    public Result train(Place place) {
        List<Trained> trained = place.trainAll(folds);
        if (trained.stream().anyMatch(fold -> fold.ending() == Ending.STOPPED)) {
            return Result.stopped();
        }
        Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
        for (int i = 0; i < trained.size(); i++) {
            measured.put(folds.get(i).name(), trained.get(i).trainer().evaluate(heldOut.get(i)));
        }
        return new Result(Ending.FINISHED, null, Result.summarised(measured));
    }
}
