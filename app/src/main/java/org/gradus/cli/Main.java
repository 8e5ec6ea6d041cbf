package org.gradus.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The program `gradus`.
@Command(
        name = "gradus",
        customSynopsis = "gradus COMMAND [OPTIONS]",
        description = "Trains neural networks on the JVM, in plain Java.",
        versionProvider = Version.class,
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "For example:",
            "  gradus train",
            "  gradus train --help",
            "",
            "From a checkout, the launcher also knows:",
            "  ./gradus test      build everything, run all tests",
            "  ./gradus format    bring all sources into the common format"
        })
public final class Main {
    private static final int HELP_WIDTH = 100;

    /// Moves the cursor up one line and clears that line.
    private static final String ERASE_LINE_ABOVE = "\u001b[1A\u001b[2K";

    private Main() {}

    /// Runs a command and ends the JVM with its exit code.
    public static void main(String... arguments) {
        boolean warned = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (warned && Boolean.getBoolean("gradus.screen")) { // the launcher says that a screen shows it
            System.err.print(ERASE_LINE_ABOVE);
        }
        Interruption interruption = Interruption.ofProcess();
        int code = run(Terminal.ofProcess(), interruption, arguments);
        interruption.finished();
        System.exit(code);
    }

    /// Runs a command; without one, shows the help.
    ///
    /// @param terminal where it prints
    /// @param interruption how it learns that the user wants it to end
    /// @param arguments the command and its options
    /// @return the exit code
    static int run(Terminal terminal, Interruption interruption, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version.")
                        .build());
        line.addSubcommand(new TrainCommand(terminal, interruption));
        line.addSubcommand(new EvalCommand(terminal));
        line.addSubcommand(new PredictCommand(terminal));
        line.addSubcommand(new DataCommand(terminal));
        line.addSubcommand(new SummaryCommand(terminal));
        line.addSubcommand(new ExplainCommand(terminal));
        line.addSubcommand(new ProfileCommand(terminal));
        line.addSubcommand(new ChecksCommand(terminal));
        addHelp(line.getCommandSpec());
        line.getSubcommands().values().forEach(command -> addHelp(command.getCommandSpec()));
        line.setOut(writer(terminal.out()));
        line.setErr(writer(terminal.err()));
        line.setColorScheme(new ColorScheme.Builder(terminal.colour() ? Ansi.ON : Ansi.OFF)
                .applySystemProperties()
                .build());
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setParameterExceptionHandler((e, given) -> {
            Complaints.print(terminal.err(), Complaints.about(e));
            return ExitCode.USER_ERROR.code();
        });
        line.setExecutionExceptionHandler((e, command, parsed) ->
                Complaints.exitCodeAfter(e, terminal.err()).code());
        try {
            boolean asksHelp = arguments.length == 0 || arguments[0].equals("help");
            int code = line.execute(asksHelp ? new String[] {"--help"} : arguments);
            if (code == ExitCode.DONE.code() && terminal.out().checkError()) {
                Complaints.print(terminal.err(), "Not everything could be printed. Is the disk full?");
                return ExitCode.USER_ERROR.code();
            }
            return code;
        } catch (OutOfMemoryError e) { // which picocli lets through
            return Complaints.exitCodeAfter(e, terminal.err()).code();
        }
    }

    private static void addHelp(CommandSpec command) {
        command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
