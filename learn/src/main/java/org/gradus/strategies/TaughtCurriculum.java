package org.gradus.strategies;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.data.Dataset;
import org.gradus.optim.Schedule;
import org.gradus.train.Event.Ending;
import org.jspecify.annotations.Nullable;

/// A [Curriculum] by the losses of a teacher, which is trained before.
///
/// @param teacher trained on the same examples, in the same order of them
/// @param pupil the training itself, which starts from nothing of the teacher's
/// @param share what is drawn from, by the progress of the pupil
/// @param judge the examples that both are measured by, if any
public record TaughtCurriculum(
        Part teacher, Part pupil, Schedule share, @Nullable Dataset judge) implements Strategy {
    @Override
    public Result train(Place place) {
        Trained taught = place.train(teacher, null);
        if (taught.ending() == Ending.STOPPED) {
            return Result.stopped();
        }
        double[] difficulties = Curriculum.losses(taught.trainer(), teacher.training());
        Part curriculum = pupil.with(pupil.recipe().sampling(Curriculum.of(difficulties, share)));
        Trained trained = place.train(curriculum, null);
        if (trained.ending() == Ending.STOPPED) {
            return Result.stopped();
        }
        Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
        if (judge != null) {
            measured.put(teacher.name(), taught.trainer().evaluate(judge));
            measured.put(pupil.name(), trained.trainer().evaluate(judge));
        }
        return new Result(trained.ending(), trained.checkpoint(), measured);
    }
}
