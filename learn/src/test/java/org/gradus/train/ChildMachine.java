package org.gradus.train;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A virtual machine of its own, for a program among the tests.
public final class ChildMachine {
    private ChildMachine() {}

    /// Starts the program; what it prints goes to a file.
    ///
    /// @param options of the machine, such as `-Xmx64m`
    public static Process start(Class<?> program, Path log, List<String> options, String... arguments)
            throws IOException {
        String classes = Stream.concat(
                        ModuleLayer.boot().configuration().modules().stream()
                                .filter(module ->
                                        module.name().matches("(org.gradus|tools.jackson|com.fasterxml|de.siegmar).*"))
                                .map(module ->
                                        Path.of(module.reference().location().orElseThrow())),
                        Stream.of(testClasses()))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classes, program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static Path testClasses() {
        Path file = Path.of(
                URI.create(ChildMachine.class.getResource("ChildMachine.class").toString()));
        return file.getParent().getParent().getParent().getParent();
    }
}
