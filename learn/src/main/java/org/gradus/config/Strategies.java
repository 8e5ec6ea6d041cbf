package org.gradus.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.data.Dataset;
import org.gradus.data.Examples;
import org.gradus.data.Split;
import org.gradus.graph.Layer;
import org.gradus.nn.PairLoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Schedules;
import org.gradus.strategies.Course;
import org.gradus.strategies.CrossValidation;
import org.gradus.strategies.Ensemble;
import org.gradus.strategies.Members;
import org.gradus.strategies.Part;
import org.gradus.strategies.Pretraining;
import org.gradus.strategies.Strategy;
import org.gradus.strategies.Subset;
import org.gradus.strategies.TaughtCurriculum;
import org.gradus.train.Recipe;
import org.jspecify.annotations.Nullable;

/// The tables `[ensemble]`, `[pretraining]`, `[curriculum]` and `[continuation]`: trainings that are made of several. At most
/// one of them says something.
///
/// @param members how many models answer together; 0 for one alone
/// @param models of the members, one after the other and again from the first; none for the model itself
/// @param pretraining what comes before; `none` for nothing
/// @param teacherEpochs of the model that tells how hard examples are; 0 for no curriculum
/// @param key what a continuation moves; empty for none
record Strategies(
        int members,
        boolean vote,
        boolean bootstrap,
        List<Layer> models,
        Before pretraining,
        int teacherEpochs,
        double start,
        double full,
        String key,
        double from,
        int stages,
        int stageEpochs) {
    private static final String NONE = "none";

    /// What comes before training with labels.
    ///
    /// @param rate of Adam
    /// @param labels how many examples with labels there are; 0 for all
    record Before(
            String type,
            int epochs,
            double rate,
            double corruption,
            int labels,
            @Nullable Layer decoder) {}

    /// What makes a training of the same configuration with another number in it.
    interface Variants {
        /// That with another number.
        Recipe recipe(double number);

        /// What is seen with another number.
        Dataset training(double number);

        /// What the configuration itself says.
        double number();
    }

    /// @param objective of the model
    /// @param usual the name of the model where none is given
    /// @param start where the model starts
    static Strategies read(Table top, Objective objective, String usual, Configuration.Start start) {
        Table ensemble = top.table("ensemble");
        int members = ensemble.whole("members", 0, 0);
        boolean vote = ensemble.choice("combine", "average", List.of("average", "vote"))
                .equals("vote");
        if (vote && objective.sense() != Sense.CLASSES) {
            throw ensemble.refused(
                    "combine", "`average` where outputs are no scores of classes", ensemble.value("combine"));
        }
        boolean bootstrap = ensemble.flag("bootstrap", false);
        List<Layer> models = ensemble.tables("model").stream()
                .map(model -> Models.read(model, objective.outputs(), usual))
                .toList();
        ensemble.end();
        Table curriculum = top.table("curriculum");
        int teacher = curriculum.whole("teacher_epochs", 0, 0);
        if (teacher > 0 && objective.loss() instanceof PairLoss) {
            throw curriculum.refused(
                    "teacher_epochs",
                    "0 where the loss is one over pairs, which tells of no example how hard it is",
                    curriculum.value("teacher_epochs"));
        }
        double first = share(curriculum, "start", 0.3);
        double full = share(curriculum, "full", 0.5);
        curriculum.end();
        Table continuation = top.table("continuation");
        String key = continuation.text("key", "");
        double from = continuation.number("from", 0);
        int stages = continuation.whole("stages", 5, 2);
        int epochs = continuation.whole("epochs", 1, 1);
        continuation.end();
        Strategies read = new Strategies(
                members,
                vote,
                bootstrap,
                models,
                before(top.table("pretraining"), objective.outputs()),
                teacher,
                first,
                full,
                key,
                from,
                stages,
                epochs);
        List<String> said = read.said();
        if (!start.run().isEmpty()) {
            said.addFirst("start");
        }
        if (said.size() > 1) {
            throw twoWays(top.table(said.get(1)), said.get(0), said.get(1));
        }
        return read;
    }

    private static GradusException twoWays(Table place, String first, String second) {
        return new GradusException(
                "config-value",
                place.place() + "[" + first + "] and [" + second
                        + "] are two ways to train, of which one can be taken. Leave one out.");
    }

    private static Before before(Table table, int outputs) {
        String type = table.choice("type", NONE, List.of("autoencoder", "layerwise", NONE));
        int epochs = table.whole("epochs", 10, 1);
        double rate = table.number("lr", 0.001, x -> x > 0, "a number greater than 0");
        double corruption = table.number("corruption", 0, x -> x >= 0 && x < 1, "a share from 0 to below 1");
        int labels = table.whole("labels", 0, 0);
        Layer decoder = table.has("decoder")
                ? new Sequential(Layers.each(Models.counted(table, "decoder", outputs), "decoder"))
                : null;
        table.known("decoder");
        table.end();
        return new Before(type, epochs, rate, corruption, labels, decoder);
    }

    private static double share(Table table, String key, double usual) {
        return table.number(key, usual, x -> x > 0 && x <= 1, "a share above 0 and up to 1");
    }

    /// The tables that say something.
    private List<String> said() {
        List<String> said = new ArrayList<>();
        if (members > 0) {
            said.add("ensemble");
        }
        if (!pretraining.type().equals(NONE)) {
            said.add("pretraining");
        }
        if (teacherEpochs > 0) {
            said.add("curriculum");
        }
        if (!key.isEmpty()) {
            said.add("continuation");
        }
        return said;
    }

    /// The recipe of what comes of it: the ensemble, or the recipe as it is.
    Recipe whole(Recipe recipe) {
        if (members == 0) {
            return recipe;
        }
        List<Layer> all =
                IntStream.range(0, members).mapToObj(i -> model(recipe, i)).toList();
        return Members.recipe(recipe, new Ensemble(all, combination(recipe)));
    }

    private Layer model(Recipe recipe, int member) {
        return models.isEmpty() ? recipe.model() : models.get(member % models.size());
    }

    /// Where outputs are no scores of classes, their mean is what is meant.
    private Ensemble.Combination combination(Recipe recipe) {
        return Objective.of(recipe.loss()).sense() != Sense.CLASSES
                ? Ensemble.Combination.MEAN
                : vote ? Ensemble.Combination.VOTE : Ensemble.Combination.AVERAGE;
    }

    /// The same training with each fold held out in its turn, scaled by what is left.
    ///
    /// @param data where the folds are asked for
    CrossValidation folds(int count, Table data, IntFunction<Experiment> fold) {
        if (!said().isEmpty()) {
            throw twoWays(data, "data.folds", said().getFirst());
        }
        List<Part> parts = new ArrayList<>();
        List<Dataset> heldOut = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            Experiment one = fold.apply(number);
            parts.add(new Part(
                    "fold-" + number,
                    one.recipe(),
                    one.seed(),
                    one.training(),
                    one.validation(),
                    List.of(),
                    one.notes()));
            heldOut.add(one.split().test());
        }
        return new CrossValidation(parts, heldOut);
    }

    /// The training that is made of several, if it is one.
    ///
    /// @param recipe of one of them
    /// @param split the test part is what all are measured by
    /// @param training what they learn from
    /// @param notes what each checkpoint says
    @Nullable Strategy strategy(
            Recipe recipe,
            long seed,
            Split split,
            Dataset training,
            Map<String, Object> notes,
            Function<String, Variants> variants) {
        Part whole = new Part("training", recipe, seed, training, Experiment.validation(split), List.of(), notes);
        if (members > 0) {
            return members(whole, split);
        } else if (teacherEpochs > 0) {
            Recipe teaching = recipe.lasting(teacherEpochs);
            return new TaughtCurriculum(
                    Part.of("teacher", teaching, seed, training, whole.validation()),
                    whole,
                    Schedules.linear(start, 1, full).byShare(),
                    split.test());
        } else if (!key.isEmpty()) {
            return continuation(whole, variants.apply(key), split.test());
        }
        return pretraining.type().equals(NONE) ? null : pretrained(whole, split);
    }

    private Members members(Part whole, Split split) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            long seed = whole.seed() + i;
            Dataset examples = bootstrap ? Subset.bootstrap(whole.training(), seed) : whole.training();
            Recipe recipe = whole.recipe().with(model(whole.recipe(), i));
            parts.add(Part.of("member-" + (i + 1), recipe, seed, examples, whole.validation()));
        }
        return new Members(parts, combination(whole.recipe()), split.test(), whole.notes());
    }

    private Course continuation(Part whole, Variants variants, Dataset judge) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < stages - 1; i++) {
            double number = Course.stage(from, variants.number(), stages, i);
            parts.add(Part.of(
                    "stage-" + (i + 1),
                    variants.recipe(number).lasting(stageEpochs),
                    whole.seed(),
                    variants.training(number),
                    whole.validation()));
        }
        parts.add(whole);
        return new Course(parts, judge);
    }

    private Course pretrained(Part whole, Split split) {
        Recipe recipe = whole.recipe();
        Pretraining before = new Pretraining(
                Optimizer.of(pretraining.rate(), Adam.of()),
                recipe.batch(),
                pretraining.epochs(),
                pretraining.corruption(),
                pretraining.decoder());
        List<Part> parts = new ArrayList<>(
                pretraining.type().equals("autoencoder")
                        ? before.autoencoder(recipe.model(), whole.seed(), whole.training())
                        : before.layerWise(recipe.model(), whole.seed(), whole.training()));
        parts.add(labelled(whole, split.training()));
        return new Course(parts, split.test());
    }

    /// The same with few labels, in which the classes have their shares.
    private Part labelled(Part whole, Examples training) {
        int size = training.size();
        if (pretraining.labels() == 0 || pretraining.labels() >= size) {
            return whole;
        }
        Array places = Array.of(
                Shape.of(size, 1), IntStream.range(0, size).asDoubleStream().toArray());
        Array few = Split.of(training.withFeatures(places), whole.seed(), (double) pretraining.labels() / size, 0)
                .training()
                .features();
        int[] kept =
                Arrays.stream(few.toDoubles()).mapToInt(place -> (int) place).toArray();
        return new Part(
                whole.name(),
                whole.recipe(),
                whole.seed(),
                new Subset(whole.training(), kept),
                whole.validation(),
                whole.fresh(),
                whole.notes());
    }
}
