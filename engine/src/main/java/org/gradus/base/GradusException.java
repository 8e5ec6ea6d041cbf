package org.gradus.base;

/// What went wrong, told to the person who can mend it: what failed, the two facts that disagree, where they came
/// from, what to do. Tracing is an ordinary call, so the stack trace holds the user's own line.
public final class GradusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String kind;

    /// @param kind the entry in `docs/errors.md`, such as `matmul-inner-size`
    /// @param message full sentences
    public GradusException(String kind, String message) {
        super(message);
        this.kind = kind;
    }

    /// @param kind the entry in `docs/errors.md`
    /// @param message full sentences
    /// @param cause the failure underneath
    public GradusException(String kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /// The entry in `docs/errors.md` that explains this error.
    public String kind() {
        return kind;
    }

    /// This error with a sentence before and one behind, thrown from the same line.
    public GradusException framed(String before, String behind) {
        GradusException framed = new GradusException(kind, before + getMessage() + behind, this);
        framed.setStackTrace(getStackTrace());
        return framed;
    }
}
