package org.gradus.examples;

import java.nio.file.Path;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.config.Configuration;
import org.gradus.config.Experiment;
import org.gradus.config.TrainedModel;
import org.gradus.train.Checkpoints;
import org.gradus.train.ProgressPrinter;
import org.gradus.train.Trainer;

/// Learns to predict a column of a table from all others, and predicts it for a new row.
public final class OwnTable {
    private OwnTable() {}

    /// Takes a CSV file, the column to predict, a new folder for the model, and the numbers of a new row.
    public static void main(String[] arguments) {
        float[] row = new float[arguments.length - 3];
        for (int i = 0; i < row.length; i++) {
            row[i] = Float.parseFloat(arguments[i + 3]);
        }
        System.out.println(predict(arguments[0], arguments[1], Path.of(arguments[2]), row));
    }

    static double predict(String table, String label, Path folder, float... row) {
        Experiment experiment = Configuration.standard()
                .with("data.path", table) // a folder of pictures works too, then without a label
                .with("data.label", label)
                .with("optimizer.lr", 0.02)
                .experiment();
        Trainer trainer = experiment.trainer(new ProgressPrinter(System.out, ProgressPrinter.Style.LINES));
        trainer.keep(Checkpoints.in(folder.resolve("checkpoints")).with(experiment.notes()));
        trainer.fit(experiment.training(), experiment.split().validation());
        System.out.println(trainer.evaluate(experiment.split().test()));

        TrainedModel model = TrainedModel.read(folder); // at any time later, too
        Array rows =
                Array.of(Shape.of(1, row.length), row); // model.read("new.csv") or model.read("rose.jpg") for files
        return model.predict(rows).get(0);
    }
}
