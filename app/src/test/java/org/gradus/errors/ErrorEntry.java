package org.gradus.errors;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// One kind of error: when it comes, what to do about it, and code that causes it.
record ErrorEntry(String kind, String when, String remedy, ThrowingCallable cause) {
    @Override
    public String toString() {
        return kind;
    }
}
