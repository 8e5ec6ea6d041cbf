package org.gradus.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gradus.base.GradusException;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @TempDir
    private Path folder;

    /// What a file says.
    public record Page(long seed, Type type, List<Double> sums, Map<String, Object> notes) {}

    @Test
    void everyNumberComesBack() {
        Page page = new Page(
                Long.MIN_VALUE + 1,
                Type.FLOAT64,
                List.of(0.1, -0.0, Double.MIN_VALUE, 1e300, 1 / 3.0, Double.NaN, Double.NEGATIVE_INFINITY),
                Map.of("größe", List.of(1, 2.5, true, "x\n"), "inner", Map.of("a", 1L << 40)));
        Path file = folder.resolve("page.json");
        Json.write(file, page);

        assertThat(Json.read(file, Page.class)).isEqualTo(page);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "{\"seed\": 1                                                                  # is no JSON",
                "{\"seed\": 1, \"type\": \"float32\", \"sums\": [], \"notes\": {}} 2             # say what it should",
                "{\"seed\": 1, \"type\": \"float32\", \"sums\": [], \"notes\": {}, \"more\": 2}    # more",
                "{\"seed\": 1, \"type\": \"float32\", \"sums\": []}                            # notes",
                "{\"seed\": null, \"type\": \"float32\", \"sums\": [], \"notes\": {}}            # seed",
                "{\"seed\": 1, \"seed\": 2}                                                   # Duplicate",
                "{\"seed\": 1, \"type\": \"float16\", \"sums\": [], \"notes\": {}}               # float16",
                "{\"seed\": \"one\", \"type\": \"float32\", \"sums\": [], \"notes\": {}}           # one"
            })
    void saysWhatIsWrong(String text, String fact) throws IOException {
        Path file = Files.writeString(folder.resolve("page.json"), text);
        assertThatThrownBy(() -> Json.read(file, Page.class))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("json"))
                .hasMessageContaining("page.json")
                .hasMessageContaining(fact);
    }
}
