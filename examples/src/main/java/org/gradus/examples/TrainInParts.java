package org.gradus.examples;

import java.util.ArrayList;
import java.util.List;
import org.gradus.base.Type;
import org.gradus.data.Datasets;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.gradus.data.Split;
import org.gradus.nn.Mlp;
import org.gradus.optim.Adam;
import org.gradus.optim.AverageWeights;
import org.gradus.optim.Groups;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Parameters;
import org.gradus.optim.Schedules;
import org.gradus.run.Session;
import org.gradus.strategies.Course;
import org.gradus.strategies.Curriculum;
import org.gradus.strategies.Ensemble;
import org.gradus.strategies.Members;
import org.gradus.strategies.Part;
import org.gradus.strategies.Place;
import org.gradus.strategies.Pretraining;
import org.gradus.strategies.Strategy;
import org.gradus.train.Auxiliary;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// Trainings of more than one part, and what steers a single one, on the bundled digits.
public final class TrainInParts {
    private static final Split DIGITS = digits();

    private TrainInParts() {}

    /// Prints how good each of them is.
    public static void main(String... arguments) {
        System.out.println("deep supervision: " + deeplySupervised().evaluate(DIGITS.test()));
        System.out.print(ensemble());
        System.out.print(pretrained());
        System.out.println("curriculum: " + curriculum().evaluate(DIGITS.test()));
    }

    /// Two hidden layers, each with a classifier of its own whose weight falls to 0; averages of the weights are used.
    static Trainer deeplySupervised() {
        Mlp model = Mlp.of(32, 32, 10); // its linear layers are 0, 2 and 4
        Recipe recipe = Recipe.classifier(
                        model, Optimizer.of(0.003, Adam.of().then(AverageWeights.exponential(0.98))), 32, 8)
                .with(
                        Auxiliary.classifier(
                                "0", 10, Schedules.linear(0.3, 0, 1).byShare()),
                        Auxiliary.classifier(
                                "2", 10, Schedules.linear(0.3, 0, 1).byShare()));
        Trainer trainer = new Trainer(new Session(0, Type.FLOAT32), recipe);
        trainer.fit(DIGITS.training(), DIGITS.validation());
        return trainer;
    }

    /// Five members, which differ in their seeds.
    static Strategy.Result ensemble() {
        Recipe recipe = Recipe.classifier(Mlp.of(32, 10), Optimizer.of(0.003, Adam.of()), 32, 5);
        Members members = Members.of(recipe, 5, 0, Ensemble.Combination.AVERAGE, DIGITS.training(), DIGITS.test());
        return members.train(Place.inMemory());
    }

    /// Layer by layer without labels, then all of it: the pre-trained layers are held for two epochs and change slowly then.
    static Strategy.Result pretrained() {
        Mlp model = Mlp.of(48, 24, 10);
        Groups careful = Groups.of(Adam.of())
                .with(new Groups.Group(new Parameters("0.*"), 0.3, 1, 2))
                .with(new Groups.Group(new Parameters("2.*"), 0.3, 1, 2));
        Recipe recipe = Recipe.classifier(model, Optimizer.of(0.003, careful), 32, 8);
        List<Part> parts = new ArrayList<>(new Pretraining(Optimizer.of(0.003, Adam.of()), 32, 5, 0.2, null)
                .layerWise(model, 0, DIGITS.training()));
        parts.add(Part.of("fine-tuning", recipe, 0, DIGITS.training(), DIGITS.validation()));
        return new Course(parts, DIGITS.test()).train(Place.inMemory());
    }

    /// The easiest 30 % at first, all examples from the middle of the run on; a small model says what is easy.
    static Trainer curriculum() {
        Recipe teaching = Recipe.classifier(Mlp.of(10), Optimizer.of(0.01, Adam.of()), 32, 2);
        Trainer teacher = new Trainer(new Session(1, Type.FLOAT32), teaching);
        teacher.fit(DIGITS.training());
        Curriculum easyFirst = Curriculum.of(
                Curriculum.losses(teacher, DIGITS.training()),
                Schedules.linear(0.3, 1, 0.5).byShare());
        Recipe recipe = Recipe.classifier(Mlp.of(32, 10), Optimizer.of(0.003, Adam.of()), 32, 8)
                .sampling(easyFirst);
        Trainer trainer = new Trainer(new Session(0, Type.FLOAT32), recipe);
        trainer.fit(DIGITS.training(), DIGITS.validation());
        return trainer;
    }

    private static Split digits() {
        Examples all = Datasets.digits();
        Split split = Split.stratified(all, 0);
        return split.with(Scaling.standardizing(split.training()));
    }
}
