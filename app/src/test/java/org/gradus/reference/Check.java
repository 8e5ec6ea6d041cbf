package org.gradus.reference;

/// How cases of one op are computed and compared.
@FunctionalInterface
interface Check {
    /// Computes a case and compares it with what is stored.
    ///
    /// @throws AssertionError saying what differs
    void run(Case given);
}
