package org.gradus.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Examples;
import org.gradus.data.Form;
import org.gradus.data.Order;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.metrics.Report;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.train.Checkpoint;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;

/// A model that was trained, ready to be used: it takes inputs as they are in files, and gives probabilities of classes,
/// or numbers in the units of the labels.
public final class TrainedModel {
    private static final int CHUNK = 256; // inputs at a time

    private final Task task;
    private final Objective objective;
    private final Session session;
    private final Step step;
    private final Trainer trainer;

    private TrainedModel(Task task, Objective objective, Session session, Step step, Trainer trainer) {
        this.task = task;
        this.objective = objective;
        this.session = session;
        this.step = step;
        this.trainer = trainer;
    }

    /// The model of a run, such as `runs/digits`: that after its best epoch if one was watched for, else the last.
    ///
    /// @throws org.gradus.base.GradusException when there is none, or what is wrong with it
    public static TrainedModel read(Path run) {
        return of(RunFolder.open(run).checkpoints().last());
    }

    /// The model of a checkpoint.
    ///
    /// @throws org.gradus.base.GradusException when the checkpoint does not say how it was made
    public static TrainedModel of(Checkpoint checkpoint) {
        Task task = Task.of(checkpoint.facts().notes());
        Configuration configuration = Experiment.configuration(checkpoint);
        Recipe recipe = configuration.recipe(task);
        Objective objective = Objective.of(recipe.loss());
        Session session = new Session(0, Type.FLOAT32);
        session.setPrecise(configuration.precise());
        checkpoint.bestModel().forEach(session::setState);
        Step step = session.step("predict", Scope.Mode.EVAL, (scope, inputs) -> {
            Tensor output = recipe.model().forward(scope, inputs.getFirst());
            return List.of(objective.answers(output));
        });
        return new TrainedModel(task, objective, session, step, new Trainer(session, recipe));
    }

    /// Makes it compute convolutions tap by tap from now on, even if it was not trained so.
    public void setPrecise() {
        session.setPrecise(true);
    }

    /// What it is for.
    public Task task() {
        return task;
    }

    /// Whether answers are the probabilities of classes.
    public boolean tellsClasses() {
        return objective.tellsClasses();
    }

    /// The names of the numbers in an answer: classes, labels, or the axes of a space.
    public List<String> columns() {
        return objective.columns();
    }

    /// The files of inputs that a path stands for: the pictures in a folder and in those below it, or the file itself.
    ///
    /// @throws org.gradus.base.GradusException when it is no file for this model
    public List<String> files(String path) {
        return task.form().files(Path.of(path)).stream().map(Path::toString).toList();
    }

    /// The inputs in a file, `[size, …]`: the picture of a PNG or JPEG file, brought to the size of the model, or the
    /// rows of a CSV file.
    ///
    /// @throws org.gradus.base.GradusException saying why the file cannot be read
    public Array read(String file) {
        Path path = Path.of(file);
        return task.form() instanceof Form.Image image
                ? image.readResized(path)
                : task.form().read(path);
    }

    /// Hands over what it says of the inputs in a file, `[some, columns]`, as many at a time as it computes with: the rows of
    /// a table need not fit into memory.
    ///
    /// @throws org.gradus.base.GradusException saying why the file cannot be read
    public void predict(String file, Consumer<Array> taker) {
        if (task.form() instanceof Form.Image) {
            taker.accept(predict(read(file)));
        } else {
            task.form().read(Path.of(file), CHUNK, inputs -> taker.accept(predict(inputs)));
        }
    }

    /// Hands over what it forecasts after each row of a time series, `[some, columns]`, from the first row that has enough of
    /// them before it; [#predict] forecasts after the last one.
    ///
    /// @throws org.gradus.base.GradusException when the model is of no series, or saying why the file cannot be read
    public void forecastEach(String file, Consumer<Array> taker) {
        if (!(task.form() instanceof Form.Series series)) {
            throw new GradusException(
                    "data-form",
                    "Forecasts after each row are of time series, but the inputs are "
                            + task.form().inWords() + ". Leave that out.");
        }
        series.readEach(Path.of(file), CHUNK, inputs -> taker.accept(predict(inputs)));
    }

    /// The means of loss and metrics over examples in the units of the model, as [Task#read] gives them.
    public Map<String, Double> evaluate(Examples examples) {
        return trainer.evaluate(examples);
    }

    /// How good its predictions are, class by class, for examples in the units of the model. Numbers are judged in the
    /// units of the labels.
    ///
    /// @throws org.gradus.base.GradusException when there are none
    public Report report(Examples examples) {
        List<Array> said = new ArrayList<>();
        for (int[] positions : Order.batches(Order.sequential(examples.size()), CHUNK)) {
            said.add(step.run(examples.batch(positions).features()).getFirst());
        }
        int each = said.isEmpty() ? 0 : said.getFirst().count() / Math.min(CHUNK, examples.size());
        Array all = Array.zeros(new TensorType(Type.FLOAT32, Shape.of(examples.size(), each)));
        int to = 0;
        for (Array part : said) {
            System.arraycopy(part.storage(), 0, all.storage(), to, part.count());
            to += part.count();
        }
        return objective.report(all, examples.labels());
    }

    /// What it says of inputs `[size, …]`: probabilities or numbers `[size, columns]`. Of a text, what comes after it.
    ///
    /// @throws org.gradus.base.GradusException when inputs have another shape
    public Array predict(Array inputs) {
        Array scaled = task.scaled(inputs).to(task.form().type());
        int size = scaled.shape().size(0);
        int width = columns().size();
        Array results = Array.zeros(new TensorType(Type.FLOAT32, Shape.of(size, width)));
        for (int from = 0; from < size; from += CHUNK) {
            int to = Math.min(size, from + CHUNK);
            Array part = Array.zeros(scaled.type().with(scaled.shape().with(0, to - from)));
            int each = scaled.count() / size;
            System.arraycopy(scaled.storage(), from * each, part.storage(), 0, part.count());
            Array said = step.run(part).getFirst();
            int positions = said.count() / (to - from) / width;
            for (int i = from; i < to; i++) {
                int last = ((i - from + 1) * positions - 1) * width;
                System.arraycopy(said.storage(), last, results.storage(), i * width, width);
            }
        }
        return results;
    }
}
