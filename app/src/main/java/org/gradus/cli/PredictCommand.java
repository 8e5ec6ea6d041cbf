package org.gradus.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.config.Task;
import org.gradus.config.TrainedModel;
import org.gradus.formats.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus predict`: what the model of a run says of pictures or rows.
@Command(
        name = "predict",
        customSynopsis = "gradus predict RUN FILE... [OPTIONS]",
        description = {
            "Says what the model of a run makes of pictures (PNG, JPEG), folders of them, or the rows of CSV files.",
            "",
            "Pictures are brought to the size and colours of those that the model learnt from; of rows the columns are"
                    + " found by their names. Prints a line for each answer: classes with their probabilities, or the"
                    + " number that is predicted. Rows count from 1."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        footer = {
            "",
            "For example:",
            "  gradus predict runs/flowers rose.jpg tulip.png --top 3",
            "  gradus predict runs/flowers new-pictures/",
            "  gradus predict runs/houses houses.csv --format json"
        })
final class PredictCommand implements Callable<Integer> {
    /// How answers are printed.
    enum Format {
        csv,
        json
    }

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run, such as runs/digits.")
    private Path run = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Pictures, folders of pictures, or CSV files.")
    private List<String> files = List.of();

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "1",
            description = "How many classes, the most probable first (default ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--format",
            paramLabel = "csv|json",
            defaultValue = "csv",
            description = "How to print (default ${DEFAULT-VALUE}).")
    private Format format = Format.csv;

    @Option(names = "--precise", description = "Compute convolutions tap by tap, even if the run was not precise.")
    private boolean precise;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (top < 1) {
            throw new UserError("The option --top takes 1 or more, but was given " + top + ".");
        }
        TrainedModel model = TrainedModel.read(run);
        if (precise) {
            model.setPrecise();
        }
        List<Map<String, Object>> answers = new ArrayList<>();
        if (top > 1 && model.task().classes().isEmpty()) {
            throw new UserError("The option --top is for classes, but the model of `" + run + "` predicts "
                    + (model.task().outputs() == 1 ? "a number." : "numbers."));
        }
        for (String file :
                files.stream().flatMap(file -> model.files(file).stream()).toList()) {
            Array said = model.predict(model.read(file));
            for (int row = 0; row < said.shape().size(0); row++) {
                answers(model.task(), file, row, said, answers);
            }
        }
        terminal.out().println(format == Format.json ? Json.text(answers) : csv(answers));
        return ExitCode.DONE.code();
    }

    private void answers(Task task, String file, int row, Array said, List<Map<String, Object>> answers) {
        int width = said.shape().size(1);
        if (task.classes().isEmpty()) {
            Map<String, Object> answer = answer(file, row);
            for (int i = 0; i < width; i++) {
                String name = width == 1 ? "prediction" : task.labels().get(i);
                answer.put(answer.containsKey(name) ? "prediction " + name : name, (float) said.get(row * width + i));
            }
            answers.add(answer);
            return;
        }
        List<Integer> best = IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -said.get(row * width + i)))
                .limit(top)
                .toList();
        for (int i : best) {
            Map<String, Object> answer = answer(file, row);
            answer.put("class", task.classes().get(i));
            answer.put("probability", (float) said.get(row * width + i));
            answers.add(answer);
        }
    }

    private static Map<String, Object> answer(String file, int row) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file);
        answer.put("row", row + 1);
        return answer;
    }

    private static String csv(List<Map<String, Object>> answers) {
        List<String> lines = new ArrayList<>();
        answers.stream().limit(1).forEach(answer -> lines.add(String.join(",", answer.keySet())));
        answers.forEach(answer ->
                lines.add(answer.values().stream().map(PredictCommand::field).collect(Collectors.joining(","))));
        return String.join(System.lineSeparator(), lines);
    }

    private static String field(Object value) {
        String text = value.toString();
        return text.matches("[^,\"\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
