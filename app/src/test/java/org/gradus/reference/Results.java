package org.gradus.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What came of the cases: for each kind and each op how many passed, failed, and are not supported yet.
final class Results {
    private static final String ROW = "%-14s %-30s %7s %7s %14s%n";

    /// The three counts.
    private static final class Counts {
        int passed;
        int failed;
        int unsupported;

        void add(Counts other) {
            passed += other.passed;
            failed += other.failed;
            unsupported += other.unsupported;
        }

        String row(String kind, String op) {
            return ROW.formatted(kind, op, passed, failed, unsupported);
        }
    }

    private final Map<String, Map<String, Counts>> kinds = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /// Runs a case, by the check of its op, and notes down what came of it.
    void run(Case given, @Nullable Check check) {
        Counts counts = kinds.computeIfAbsent(given.kind(), _ -> new TreeMap<>())
                .computeIfAbsent(given.op(), _ -> new Counts());
        if (check == null) {
            counts.unsupported++;
            return;
        }
        try {
            check.run(given);
            counts.passed++;
        } catch (AssertionError | RuntimeException e) {
            counts.failed++;
            failures.add(given.id() + ": " + (e instanceof AssertionError ? e.getMessage() : e.toString()));
        }
    }

    /// One line for each case that failed.
    List<String> failures() {
        return failures;
    }

    /// How many cases passed.
    int passed() {
        return kinds.values().stream().mapToInt(ops -> total(ops).passed).sum();
    }

    /// A line for each kind.
    String summary() {
        StringBuilder text = new StringBuilder(heading());
        Counts all = new Counts();
        kinds.forEach((kind, ops) -> {
            all.add(total(ops));
            text.append(total(ops).row(kind, ops.size() + " ops"));
        });
        return text.append(all.row("all", "")).toString();
    }

    /// A line for each op, then the failures.
    String table() {
        StringBuilder text = new StringBuilder(heading());
        kinds.forEach((kind, ops) -> ops.forEach((op, counts) -> text.append(counts.row(kind, op))));
        text.append('\n').append(summary());
        failures.forEach(failure -> text.append('\n').append(failure));
        return text.toString();
    }

    private static String heading() {
        return ROW.formatted("kind", "op", "passed", "failed", "not supported");
    }

    private static Counts total(Map<String, Counts> ops) {
        Counts total = new Counts();
        ops.values().forEach(total::add);
        return total;
    }
}
