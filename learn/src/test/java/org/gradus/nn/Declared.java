package org.gradus.nn;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the package has, for tests that nothing is left out of a table.
public final class Declared {
    private Declared() {}

    /// The public classes of a kind.
    public static Set<Class<?>> publicly(Class<?> kind) throws IOException, URISyntaxException, ClassNotFoundException {
        Path folder = Path.of(Linear.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("org/gradus/nn");
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        Set<Class<?>> found = new HashSet<>();
        for (Path file : files) {
            Class<?> type = Class.forName(
                    "org.gradus.nn." + file.getFileName().toString().replace(".class", ""));
            if (kind.isAssignableFrom(type) && !type.isInterface() && isPublic(type)) {
                found.add(type);
            }
        }
        return found;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }
}
