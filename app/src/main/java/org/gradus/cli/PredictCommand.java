package org.gradus.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.config.TrainedModel;
import org.gradus.data.Form;
import org.gradus.formats.Json;
import org.gradus.formats.WholeFile;
import org.jspecify.annotations.Nullable;
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
            "  gradus predict runs/houses houses.csv --format json",
            "  gradus predict runs/houses many-houses.csv --out prices.csv",
            "  gradus predict runs/load load.csv --each-row"
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

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the answers into this file, all of them or nothing, instead of printing them.")
    private @Nullable Path out;

    @Option(
            names = "--each-row",
            description =
                    "Of a time series: forecast after each row that has enough rows before it, and not after the last one"
                            + " alone.")
    private boolean each;

    @Option(names = "--precise", description = "Compute convolutions tap by tap, even if the run was not precise.")
    private boolean precise;

    PredictCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (top < 1) {
            throw new UserError("The option --top takes 1 or more, but was given " + top + ".");
        }
        TrainedModel model = TrainedModel.read(run);
        if (precise) {
            model.setPrecise();
        }
        if (top > 1 && !model.tellsClasses()) {
            throw new UserError("The option --top is for classes, but the model of `" + run + "` predicts "
                    + (model.columns().size() == 1 ? "a number." : "numbers."));
        }
        List<String> all =
                files.stream().flatMap(file -> model.files(file).stream()).toList();
        if (out != null) {
            WholeFile.write(out, stream -> write(model, all, stream));
            return ExitCode.DONE.code();
        }
        // Nothing is printed of what cannot be finished; it waits in a file, for it may be more than memory holds.
        Path waiting = Files.createTempFile("gradus-predict", ".tmp");
        try {
            try (OutputStream stream = Files.newOutputStream(waiting)) {
                write(model, all, stream);
            }
            Files.copy(waiting, terminal.out());
            terminal.out().flush();
        } finally {
            Files.deleteIfExists(waiting);
        }
        return ExitCode.DONE.code();
    }

    private void write(TrainedModel model, List<String> all, OutputStream stream) {
        PrintWriter printer = new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        Printed printed = new Printed(printer);
        for (String file : all) {
            int[] row = {each && model.task().form() instanceof Form.Series series ? series.window() - 1 : 0};
            Consumer<Array> taker = said -> {
                for (int i = 0; i < said.shape().size(0); i++) {
                    answers(model, file, ++row[0], said, i).forEach(printed::add);
                }
            };
            if (each) {
                model.forecastEach(file, taker);
            } else {
                model.predict(file, taker);
            }
        }
        printed.end();
        if (printer.checkError()) {
            throw new UserError("What the model says could not be written. Is there room for it?");
        }
    }

    /// Answers as they are printed, one after the other.
    private final class Printed {
        private final PrintWriter out;
        private boolean any;

        Printed(PrintWriter out) {
            this.out = out;
        }

        void add(Map<String, Object> answer) {
            if (format == Format.json) {
                out.print((any ? ", " : "[ ") + Json.text(answer));
            } else {
                if (!any) {
                    out.println(String.join(",", answer.keySet()));
                }
                out.println(answer.values().stream().map(PredictCommand::field).collect(Collectors.joining(",")));
            }
            any = true;
        }

        void end() {
            if (format == Format.json) {
                out.println(any ? " ]" : "[ ]");
            }
        }
    }

    /// What is said of one input.
    ///
    /// @param row its number in the file, from 1
    /// @param at its place in `said`
    private List<Map<String, Object>> answers(TrainedModel model, String file, int row, Array said, int at) {
        int width = said.shape().size(1);
        if (!model.tellsClasses()) {
            Map<String, Object> answer = answer(file, row);
            for (int i = 0; i < width; i++) {
                String name = model.columns().get(i);
                answer.put(answer.containsKey(name) ? "prediction " + name : name, (float) said.get(at * width + i));
            }
            return List.of(answer);
        }
        return IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -said.get(at * width + i)))
                .limit(top)
                .map(i -> {
                    Map<String, Object> answer = answer(file, row);
                    answer.put("class", model.columns().get(i));
                    answer.put("probability", (float) said.get(at * width + i));
                    return answer;
                })
                .toList();
    }

    private static Map<String, Object> answer(String file, int row) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("file", file);
        answer.put("row", row);
        return answer;
    }

    private static String field(Object value) {
        String text = value.toString();
        return text.matches("[^,\"\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
