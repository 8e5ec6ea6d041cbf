package org.gradus.bench;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.gradus.config.Experiment;
import org.gradus.strategies.Course;
import org.gradus.strategies.CrossValidation;
import org.gradus.strategies.Members;
import org.gradus.strategies.Part;
import org.gradus.strategies.Strategy;
import org.gradus.strategies.TaughtCurriculum;

/// Something that a training must reach: the recipe is the file `accuracy/NAME.toml` beside this class, as `gradus train`
/// takes it.
///
/// @param name of it, and of its recipe
/// @param data the file or folder in the folder of data sets
/// @param figure what is measured on the test part
/// @param bar what it is compared with
record Goal(String name, String data, Figure figure, Bar bar) {
    /// All of them; a new one is a line and a recipe.
    static final List<Goal> ALL = List.of(
            new Goal("iris", "iris/iris.csv", Figure.ACCURACY, new Fixed(0.95)),
            new Goal("wine", "wine/wine.csv", Figure.ACCURACY, new Fixed(0.97)),
            new Goal("wdbc", "wdbc/breastcancer.csv", Figure.ACCURACY, new Fixed(0.97)),
            new Goal("california", "california-housing/cal_housing.arff", Figure.RMSE, new Fixed(0.55)),
            new Goal("mnist-lenet", "mnist", Figure.ACCURACY, new Fixed(0.99)),
            new Goal("mnist-small", "mnist", Figure.ACCURACY, new Fixed(0.995)),
            new Goal("fashion", "fashion-mnist", Figure.ACCURACY, new Fixed(0.925)),
            new Goal("cifar10", "cifar-10", Figure.ACCURACY, new Fixed(0.68)),
            new Goal("cifar10-augmented", "cifar-10", Figure.ACCURACY, new Fixed(0.74)),
            new Goal("shakespeare", "tinyshakespeare/input.txt", Figure.LOSS, new Fixed(1.6)),
            new Goal("fashion-ensemble", "fashion-mnist", Figure.ACCURACY, new BestMember()),
            new Goal("mnist-pretraining", "mnist", Figure.ACCURACY, new Without(true, Goal::last)),
            new Goal("fashion-curriculum", "fashion-mnist", Figure.ACCURACY, new Without(false, Goal::pupil)),
            new Goal("mnist-continuation", "mnist", Figure.ACCURACY, new Without(false, Goal::atOnce)));

    /// What is measured.
    enum Figure {
        /// The share of the test examples whose class is found; in a cross-validation the mean over the folds.
        ACCURACY,
        /// The root of the mean squared error, in the units of the labels.
        RMSE,
        /// The mean loss: of a text, in nats for each character.
        LOSS;

        double of(Map<String, Double> measured, Experiment experiment) {
            return switch (this) {
                case ACCURACY -> measured.getOrDefault("accuracy", Double.NaN);
                case RMSE ->
                    Math.sqrt(measured.getOrDefault("loss", Double.NaN))
                            * experiment.task().units().spread().get(0);
                case LOSS -> measured.getOrDefault("loss", Double.NaN);
            };
        }
    }

    /// What a figure is compared with.
    sealed interface Bar {
        /// Whether the figure must be better, and not only as good.
        default boolean beaten() {
            return false;
        }
    }

    /// A number.
    record Fixed(double number) implements Bar {}

    /// The best of the members of an ensemble, which all together are to beat.
    record BestMember() implements Bar {
        @Override
        public boolean beaten() {
            return true;
        }
    }

    /// The same training without what makes it special, with the same seed.
    ///
    /// @param beaten whether it is to be beaten; else the figure may be below it by chance, at most two standard errors of
    ///     such an accuracy
    /// @param strategy what is trained instead
    record Without(boolean beaten, UnaryOperator<Strategy> strategy) implements Bar {}

    /// How it is trained.
    static Strategy strategy(Experiment experiment) {
        Strategy strategy = experiment.strategy();
        return strategy != null
                ? strategy
                : new Course(
                        List.of(Part.of(
                                "training",
                                experiment.recipe(),
                                experiment.seed(),
                                experiment.training(),
                                experiment.validation())),
                        experiment.split().test());
    }

    /// The models that are trained at last.
    static List<Part> models(Strategy strategy) {
        return switch (strategy) {
            case Members members -> members.parts();
            case Course course -> List.of(course.parts().getLast());
            case TaughtCurriculum taught -> List.of(taught.pupil());
            case CrossValidation folds -> List.of(folds.folds().getFirst());
            default -> List.of();
        };
    }

    /// The last part of a course, from the start.
    private static Strategy last(Strategy strategy) {
        Course course = (Course) strategy;
        return new Course(List.of(course.parts().getLast()), course.judge());
    }

    /// The problem that a continuation ends with, from the start and for as many epochs.
    private static Strategy atOnce(Strategy strategy) {
        Course course = (Course) strategy;
        Part last = course.parts().getLast();
        int epochs =
                course.parts().stream().mapToInt(part -> part.recipe().epochs()).sum();
        return new Course(List.of(last.with(last.recipe().lasting(epochs))), course.judge());
    }

    /// The pupil of a curriculum, who sees all examples from the start.
    private static Strategy pupil(Strategy strategy) {
        TaughtCurriculum taught = (TaughtCurriculum) strategy;
        return new Course(List.of(taught.pupil()), taught.judge());
    }
}
