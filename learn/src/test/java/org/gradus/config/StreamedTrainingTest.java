package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gradus.run.Session;
import org.gradus.train.ChildMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Training on what stays in its file is the same as on what lies in memory, and needs no memory for it.
@Timeout(120)
class StreamedTrainingTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            t.csv | columns = ['a', 'c']                   | hidden = [3]
            t.csv | columns = ['a', 'c']; label = 'b'      | hidden = [3]
            t.csv | columns = ['a']; sampling = 'balanced' | hidden = [3]
            t.csv | columns = ['a']; window = 5            | hidden = [3]
            t.txt | window = 8                             | name = 'lstm'
            """)
    void sameSeedSameBits(String file, String data, String model) throws IOException {
        write();
        Map<String, Object> expected = train(file, data, model, false, 1);

        assertThat(expected).hasSizeGreaterThan(2);
        for (int threads : new int[] {1, 3}) {
            Map<String, Object> streamed = train(file, data, model, true, threads);
            assertThat(streamed.keySet()).isEqualTo(expected.keySet());
            expected.forEach(
                    (path, numbers) -> assertThat(streamed.get(path)).as(path).isEqualTo(numbers));
        }
    }

    @Test
    void aTableLargerThanTheHeap() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        List<String> small = List.of("-Xmx32m", "-XX:+UseSerialGC");
        int code = ChildMachine.start(SmallHeap.class, log, small, folder.toString())
                .waitFor();
        String said = Files.readString(log);

        assertThat(code).as(said).isZero();
        assertThat(said).contains("steps " + Math.ceilDiv(SmallHeap.ROWS * 6 / 10, 256));
        assertThat(number(said, "numbers ")).isGreaterThan(2 * number(said, "heap "));
    }

    private static long number(String said, String what) {
        return said.lines()
                .filter(line -> line.startsWith(what))
                .mapToLong(line -> Long.parseLong(line.substring(what.length())))
                .findFirst()
                .orElseThrow();
    }

    /// The numbers of the model after some epochs, by path.
    private Map<String, Object> train(String file, String data, String model, boolean stream, int threads) {
        Experiment experiment = Configuration.parse(
                        "t.toml", """
                [data]
                path = '%s'
                %s
                stream = %s
                threads = %d
                [model]
                %s
                [training]
                epochs = 2
                batch = 16
                threads = 1
                """.formatted(folder.resolve(file), data.replace("; ", "\n"), stream, threads, model))
                .experiment();
        Session session = experiment.session();
        experiment.trainer(session).fit(experiment.training(), experiment.validation());
        Map<String, Object> numbers = new LinkedHashMap<>();
        session.states()
                .forEach(
                        key -> numbers.put(key.path(), session.state(key.path()).storage()));
        return numbers;
    }

    private void write() throws IOException {
        StringBuilder table = new StringBuilder("a,b,c,label\n");
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            table.append(random.nextGaussian())
                    .append(',')
                    .append(random.nextFloat())
                    .append(',');
            table.append(random.nextInt(9))
                    .append(',')
                    .append(i % 7 < 4 ? "x" : "y")
                    .append('\n');
        }
        Files.writeString(folder.resolve("t.csv"), table.toString().replace("\n", "\r\n"));
        Files.writeString(folder.resolve("t.txt"), table.substring(0, 3000));
    }
}
