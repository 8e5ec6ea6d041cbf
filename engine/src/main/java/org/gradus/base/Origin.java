package org.gradus.base;

import java.util.Set;

/// The line of the user's program where something was made, such as `LeNet.java:41`.
public record Origin(String file, int line) {
    /// The origin of what has none: constants of the library, files.
    public static final Origin UNKNOWN = new Origin("?", 0);

    private static final String ROOT = "org.gradus.";
    private static final Set<String> LIBRARY = Set.of(
            "base",
            "config",
            "expr",
            "graph",
            "ops",
            "eager",
            "autodiff",
            "plan",
            "run",
            "nn",
            "optim",
            "data",
            "train",
            "formats",
            "metrics",
            "strategies");
    private static final StackWalker WALKER = StackWalker.getInstance();

    /// The innermost line on the calling thread's stack that is not the library's own.
    public static Origin here() {
        return WALKER.walk(frames -> frames.filter(frame -> !isLibrary(frame.getClassName()))
                .findFirst()
                .map(frame -> new Origin(String.valueOf(frame.getFileName()), frame.getLineNumber()))
                .orElse(UNKNOWN));
    }

    /// Whether a class is the library's own, so that its lines tell a user nothing. Tests count as users.
    public static boolean isLibrary(String className) {
        if (className.startsWith("java.") || className.startsWith("jdk.")) {
            return true;
        }
        if (!className.startsWith(ROOT)) {
            return false;
        }
        int end = className.indexOf('.', ROOT.length());
        return end > 0 && LIBRARY.contains(className.substring(ROOT.length(), end)) && !className.endsWith("Test");
    }

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
