package org.gradus.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gradus.bench.side.Row;

/// A process of a contender that serves one row, in the way of [Worker][org.gradus.bench.side.Worker].
final class Child implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;

    private final Contender contender;
    private final Process process;
    private final BufferedReader answers;
    private final Path complaints;
    private final List<String> ready;

    /// Starts it and waits until it is ready.
    Child(Contender contender, Row row, int threads, Path weights) {
        this.contender = contender;
        String count = String.valueOf(threads);
        List<String> command = Stream.concat(
                        contender.command().stream().map(word -> word.replace("$threads", count)),
                        Stream.of(row.name(), count, weights.toString()))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        contender
                .environment()
                .forEach((key, value) -> builder.environment().put(key, value.replace("$threads", count)));
        complaints = weights.resolveSibling(contender.name() + " says");
        builder.redirectError(complaints.toFile());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        ready = answer();
    }

    String name() {
        return contender.name();
    }

    /// Why it cannot do the row; empty when it can.
    String refusal() {
        return ready.getFirst().equals("cannot") ? String.join(" ", ready.subList(1, ready.size())) : "";
    }

    /// A number that it had to say at the start: 0 for the floating-point operations of a run, 1 for the bytes.
    long known(int number) {
        return Long.parseLong(ready.get(1 + number));
    }

    /// Asks, and gives the numbers of the answer.
    double[] ask(String question) {
        try {
            process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(contender.name() + " has ended.", e);
        }
        List<String> words = answer();
        return words.subList(1, words.size()).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /// The words of its next answer; other lines are what libraries print.
    private List<String> answer() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("@")) {
                    return Arrays.asList(line.substring(1).split(" ", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(contender.name() + " ended without an answer. " + complaints());
    }

    private String complaints() {
        try {
            return Files.readString(complaints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly(); // it ended by itself, as its last question told
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
