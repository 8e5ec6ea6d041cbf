package org.gradus.cli;

/// What the shell is told when a command ends.
enum ExitCode {
    DONE(0),
    /// The user can mend it: an option, a file, a folder.
    USER_ERROR(1),
    /// The loss was no finite number any more.
    DIVERGED(2),
    /// The user interrupted it, as by Ctrl-C; the shell's 128 + SIGINT.
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
