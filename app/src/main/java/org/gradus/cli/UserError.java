package org.gradus.cli;

/// Something that the user of a command has to mend, in one sentence.
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String sentence) {
        super(sentence);
    }
}
