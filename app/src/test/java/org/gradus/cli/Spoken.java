package org.gradus.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/// What one command said and how it ended.
record Spoken(int code, String out, String err) {
    /// Runs a command as if its output went to a file.
    static Spoken by(String... arguments) {
        return by(new Interruption(), arguments);
    }

    /// Runs a command, and asks it to end as soon as something is the case.
    static Spoken interrupted(BooleanSupplier when, String... arguments) throws InterruptedException {
        Interruption interruption = new Interruption();
        Thread impatient = Thread.ofPlatform().start(() -> {
            while (!when.getAsBoolean()) {
                Thread.onSpinWait();
            }
            interruption.request();
        });
        Spoken spoken = by(interruption, arguments);
        impatient.join();
        return spoken;
    }

    static Spoken by(Interruption interruption, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                Integer.MAX_VALUE);
        int code = Main.run(terminal, interruption, arguments);
        return new Spoken(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
