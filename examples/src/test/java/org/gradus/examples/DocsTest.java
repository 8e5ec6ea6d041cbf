package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every Java snippet in the README and the docs is a part of a class that the build compiles, named in a comment
/// before it: `source: CLASS` for code, `run: CLASS` for a program whose printed output follows as a text block.
class DocsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern SNIPPET = Pattern.compile(
            "(?:<!-- (source|run): ([\\w.]+) -->\\s*)?```java\\n(.*?)```(?:\\s*```text\\n(.*?)```)?", Pattern.DOTALL);

    private record Snippet(Path page, String use, String className, String code, String output) {
        @Override
        public String toString() {
            return ROOT.relativize(page) + ": " + code.lines().findFirst().orElse("");
        }
    }

    static Stream<Snippet> snippets() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            pages = Stream.concat(
                            files.filter(file -> file.toString().endsWith(".md")),
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")))
                    .toList();
        }
        Stream.Builder<Snippet> snippets = Stream.builder();
        for (Path page : pages) {
            Matcher found = SNIPPET.matcher(Files.readString(page));
            while (found.find()) {
                snippets.add(new Snippet(
                        page,
                        String.valueOf(found.group(1)),
                        String.valueOf(found.group(2)),
                        found.group(3),
                        found.group(4) == null ? "" : found.group(4)));
            }
        }
        return snippets.build();
    }

    @Test
    void thereAreSnippets() throws IOException {
        assertThat(snippets()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void isCompiled(Snippet snippet) throws IOException {
        assertThat(snippet.className())
                .as("a comment names the class before %s", snippet)
                .isNotEqualTo("null");
        Path file = source(snippet.className());
        assertThat(dense(Files.readString(file))).as("%s in %s", snippet, file).contains(dense(snippet.code()));
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void printsWhatThePageSays(Snippet snippet) throws ReflectiveOperationException {
        if (snippet.use().equals("run")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = System.out;
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            try {
                Class.forName(snippet.className())
                        .getMethod("main", String[].class)
                        .invoke(null, (Object) new String[0]);
            } finally {
                System.setOut(out);
            }
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualToNormalizingNewlines(snippet.output());
        }
    }

    /// Without white space, which the page may set otherwise.
    private static String dense(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static Path source(String className) throws IOException {
        String file = className.replace('.', '/') + ".java";
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> path.toString().replace('\\', '/').endsWith("src/main/java/" + file))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("There is no source of " + className + "."));
        }
    }
}
