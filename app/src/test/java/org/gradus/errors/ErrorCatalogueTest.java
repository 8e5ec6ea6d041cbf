package org.gradus.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.base.GradusException;
import org.gradus.base.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of error is caused here, is thrown at the user's line, and stands in `docs/errors.md` with the message
/// that it really gives. `-Dgradus.write=true` writes that page anew.
class ErrorCatalogueTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path PAGE = ROOT.resolve("docs/errors.md");
    private static final Pattern THROWN = Pattern.compile("(?:GradusException|failure)\\(\\s*\"([a-z0-9-]+)\"");
    private static final Pattern PLACE = Pattern.compile("\\w+\\.java:\\d+");

    static Stream<ErrorEntry> entries() {
        return Stream.of(
                        TensorErrors.all(),
                        FunctionErrors.all(),
                        SessionErrors.all(),
                        LearnErrors.all(),
                        RunErrors.all(),
                        StrategyErrors.all(),
                        DataErrors.all(),
                        ExamplesErrors.all(),
                        FileErrors.all())
                .flatMap(all -> all)
                .sorted(Comparator.comparing(ErrorEntry::kind));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void isThrownAtTheUsersLineWithItsKind(ErrorEntry entry) {
        GradusException error = caused(entry);
        assertThat(error.kind()).isEqualTo(entry.kind());
        assertThat(error.getMessage()).as("full sentences").matches("(?s)[A-Z`\\w].*[.?]");
        String thrownAt = Stream.of(error.getStackTrace())
                .filter(frame -> !Origin.isLibrary(frame.getClassName()))
                .findFirst()
                .map(StackTraceElement::getClassName)
                .orElse("");
        assertThat(thrownAt).startsWith("org.gradus.errors.");
    }

    @Test
    void noKindStandsTwice() {
        assertThat(entries().map(ErrorEntry::kind)).doesNotHaveDuplicates();
    }

    @Test
    void everyKindThatIsThrownHasAnEntry() throws IOException {
        Set<String> thrown = new TreeSet<>();
        for (Path file : sources()) {
            Matcher found = THROWN.matcher(Files.readString(file));
            while (found.find()) {
                thrown.add(found.group(1));
            }
        }
        Set<String> known = entries().map(ErrorEntry::kind).collect(Collectors.toCollection(TreeSet::new));
        assertThat(thrown).hasSizeGreaterThanOrEqualTo(25);
        assertThat(known).as("entries, against the kinds that sources throw").isEqualTo(thrown);
    }

    @Test
    void thePageSaysWhatIsThrown() throws IOException {
        String page = page();
        if (Boolean.getBoolean("gradus.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/errors.md; write it anew with ./gradus test -Dgradus.write=true")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error that Gradus throws is a `GradusException`. Its `kind()` is a heading below; its message says what
                failed, the facts that disagree, where they came from, and what to do. The stack trace holds your own line,
                because tracing is an ordinary call. This page is written by the test that causes each error; in its
                examples `Model.java:12` stands for your line, and `data/` for your folder.

                """);
        Map<String, ErrorEntry> sorted = new TreeMap<>();
        entries().forEach(entry -> sorted.put(entry.kind(), entry));
        sorted.values()
                .forEach(entry -> page.append("## ")
                        .append(entry.kind())
                        .append("\n\n")
                        .append(entry.when())
                        .append(' ')
                        .append(entry.remedy())
                        .append("\n\n> ")
                        .append(neutral(caused(entry).getMessage()))
                        .append("\n\n"));
        return page.toString().strip() + "\n";
    }

    /// Without what differs between machines and versions: line numbers and temporary folders.
    private static String neutral(String message) {
        return PLACE.matcher(message)
                .replaceAll("Model.java:12")
                .replaceAll("/?[^ `]*gradus-errors[^ `/]*/", "data/")
                .replace("\n", " ");
    }

    private static GradusException caused(ErrorEntry entry) {
        Throwable thrown = catchThrowable(entry.cause());
        assertThat(thrown).as(entry.kind()).isInstanceOf(GradusException.class);
        return (GradusException) thrown;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> ROOT.relativize(file).toString().matches("[a-z]+.src.main.java.+"))
                    .toList();
        }
    }
}
