package org.gradus.bench.jmh;

import java.io.IOException;

/// JMH's own command line.
final class Main {
    private Main() {}

    public static void main(String... arguments) throws IOException {
        org.openjdk.jmh.Main.main(arguments);
    }
}
