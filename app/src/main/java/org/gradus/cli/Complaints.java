package org.gradus.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.gradus.base.GradusException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What a user is told when a command cannot do what was asked: one clear sentence, and the exit code.
final class Complaints {
    private Complaints() {}

    /// Prints one, such as `gradus: The option --lr takes a number, but was given abc.`
    static void print(PrintStream err, String sentence) {
        err.println("gradus: " + sentence);
        err.flush();
    }

    /// What is wrong with the options.
    static String about(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String help = " `" + command + " --help` lists what there is.";
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            if (!argument.isOption()) {
                String what = argument.description()[0];
                return "`" + command + "` needs " + argument.paramLabel() + ": "
                        + what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1) + help;
            }
            return "The option " + name(argument) + " needs a value: " + argument.paramLabel() + "." + help;
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            String given = unmatched.getUnmatched().get(0);
            List<String> similar = unmatched.getSuggestions();
            return "`" + command + "` knows no " + (given.startsWith("-") ? "option " : "command or argument ") + given
                    + (similar.isEmpty()
                            ? "."
                            : "; did you mean " + similar.get(0).strip() + "?") + help;
        }
        if (e instanceof OverwrittenOptionException twice) {
            return "The option " + name(twice.getOverwritten()) + " is given twice. Give it once.";
        }
        ArgSpec argument = e.getArgSpec();
        if (argument != null && e.getValue() != null) {
            return "The option " + name(argument) + " takes " + wanted(argument, e.getValue()) + ", but was given "
                    + (e.getValue().isEmpty() ? "nothing" : e.getValue()) + ".";
        }
        return message(e);
    }

    /// Reports what was thrown while a command ran.
    static ExitCode exitCodeAfter(Throwable thrown, PrintStream err) {
        switch (thrown) {
            case GradusException e -> print(err, message(e));
            case UserError e -> print(err, message(e));
            case UncheckedIOException e -> print(err, about(Objects.requireNonNull(e.getCause())));
            case OutOfMemoryError _ ->
                print(
                        err,
                        "The model needs more memory than the "
                                + Runtime.getRuntime().maxMemory() / (1 << 20)
                                + " MiB that the JVM may use. Make it smaller, or set GRADUS_JAVA_OPTS=-Xmx8g.");
            default -> {
                print(err, "This is a bug in Gradus, please report it:");
                thrown.printStackTrace(err);
            }
        }
        return thrown instanceof GradusException e && e.kind().equals("diverged")
                ? ExitCode.DIVERGED
                : ExitCode.USER_ERROR;
    }

    /// What is wrong with a file or a folder.
    static String about(IOException e) {
        String file = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "A file";
        return switch (e) {
            case AccessDeniedException _ -> file + " cannot be written: permission denied.";
            case FileAlreadyExistsException _ -> file + " exists already, and is not what is needed here.";
            case NoSuchFileException _ -> file + " does not exist and cannot be made.";
            case FileSystemException f when f.getReason() != null -> file + ": " + f.getReason() + ".";
            default -> file + " cannot be read or written: " + message(e) + ".";
        };
    }

    /// Without the places in the commands' own code, which tell a user nothing.
    private static String message(Throwable thrown) {
        return Objects.requireNonNullElseGet(thrown.getMessage(), thrown::toString)
                .replaceAll(",?( made at)? \\w+Command\\.java:\\d+", "");
    }

    private static String name(ArgSpec argument) {
        return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
    }

    private static String wanted(ArgSpec argument, String given) {
        Class<?> type = argument.auxiliaryTypes()[0];
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        boolean integer = type == int.class || type == Integer.class || type == long.class || type == Long.class;
        String range = !given.matches("[-+]?\\d+")
                ? ""
                : type == long.class || type == Long.class ? " that 64 bits can hold" : " up to " + Integer.MAX_VALUE;
        String one = integer ? "a whole number" + range : argument.paramLabel();
        return argument.isMultiValue() ? "whole numbers with commas between them" : one;
    }
}
