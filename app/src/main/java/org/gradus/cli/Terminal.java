package org.gradus.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// Where a command prints, and what can be shown there.
///
/// @param out results and progress
/// @param err complaints
/// @param interactive whether a person watches `out`, so that lines may be redrawn in place
/// @param colour whether colours are welcome
/// @param columns how wide it is
record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean colour, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /// The terminal of this process. No colours with the environment variable `NO_COLOR` (<https://no-color.org>) or on
    /// a dumb terminal, nothing redrawn where output goes to a file or a pipe.
    static Terminal ofProcess() {
        boolean watched =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        boolean interactive = watched && !"dumb".equals(System.getenv("TERM"));
        String refusal = System.getenv("NO_COLOR");
        return new Terminal(
                System.out,
                System.err,
                interactive,
                interactive && (refusal == null || refusal.isEmpty()),
                interactive ? Integer.getInteger("gradus.columns", USUAL_COLUMNS) : Integer.MAX_VALUE);
    }
}
