package org.gradus;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The architecture: packages lie on floors, and what a package uses lies on a lower floor. A package need not exist,
/// but one that exists must be named here.
class FloorsTest {
    private static final String ROOT = "org.gradus.";
    private static final String VECTORS = "jdk.incubator.vector";

    private static final List<Set<String>> FLOORS = List.of(
            Set.of("base", "expr"),
            Set.of("graph", "kernel"),
            Set.of("ops", "plan", "autodiff", "eager"),
            Set.of("run", "nn", "optim", "data", "formats", "metrics"),
            Set.of("train"),
            Set.of("config", "diagnose", "strategies", "interop"),
            Set.of("cli", "studio"));

    /// Who sees a package of its own floor.
    private static final Map<String, Set<String>> BESIDE =
            Map.of("expr", Set.of("base"), "config", Set.of("strategies"));

    /// The beginning of a `package-info.java`: a doc comment of some length, which ends like a sentence, then the annotation.
    private static final Pattern PACKAGE_INFO =
            Pattern.compile("/// (?=.{40})(.*\\R///)*.*[.)]\\R@NullMarked\\Rpackage (?s:.*)");

    private static final JavaClasses CLASSES = classes();

    @Test
    void everyPackageLiesOnAFloor() {
        assertThat(packages()).isNotEmpty();
        assertThat(packages()).isSubsetOf(FLOORS.stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }

    @Test
    void packagesUseOnlyLowerFloors() {
        List<Dependency> uses = uses(FloorsTest::isOurs).toList();
        assertThat(uses).isNotEmpty();
        assertThat(uses.stream().filter(use -> !isAllowed(use)).map(FloorsTest::described))
                .isEmpty();
    }

    @Test
    void onlyKernelsUseVectors() {
        assertThat(uses(type -> type.getPackageName().startsWith(VECTORS))
                        .filter(use -> !packageOf(use.getOriginClass()).equals("kernel"))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsAndWhereNullIsAllowed() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> folders;
        try (Stream<Path> files = Files.walk(root)) {
            folders = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .filter(folder -> root.relativize(folder).toString().matches("[a-z]+.src.main.java.+"))
                    .distinct()
                    .toList();
        }
        assertThat(folders)
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .content()
                        .as(
                                "%s/package-info.java: a paragraph in ///, which ends with a full stop, then @NullMarked",
                                folder)
                        .matches(PACKAGE_INFO));
    }

    /// The classes of every module of ours that the app runs on, without its tests.
    private static JavaClasses classes() {
        Set<Location> modules = ModuleLayer.boot().configuration().modules().stream()
                .filter(module -> module.name().startsWith(ROOT))
                .map(ResolvedModule::reference)
                .map(module -> Location.of(module.location().orElseThrow()))
                .collect(Collectors.toSet());
        return new ClassFileImporter().importLocations(modules);
    }

    private static Set<String> packages() {
        return CLASSES.stream()
                .filter(FloorsTest::isOurs)
                .map(FloorsTest::packageOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The uses of such types by classes of ours.
    private static Stream<Dependency> uses(Predicate<JavaClass> target) {
        return CLASSES.stream()
                .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                .filter(use -> target.test(target(use)));
    }

    /// The type that is used, or that an array of which is used.
    private static JavaClass target(Dependency use) {
        return use.getTargetClass().getBaseComponentType();
    }

    private static boolean isAllowed(Dependency use) {
        String user = packageOf(use.getOriginClass());
        String used = packageOf(target(use));
        return used.equals(user)
                || floor(used) < floor(user)
                || BESIDE.getOrDefault(user, Set.of()).contains(used);
    }

    private static String described(Dependency use) {
        String user = packageOf(use.getOriginClass());
        String used = packageOf(target(use));
        return "`%s` on floor %d must not use `%s` on floor %d: %s"
                .formatted(user, floor(user), used, floor(used), use.getDescription());
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT);
    }

    /// The word after `org.gradus`; the packages inside of a package lie on its floor.
    private static String packageOf(JavaClass type) {
        String rest = type.getPackageName().substring(ROOT.length());
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    }

    private static int floor(String name) {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            if (FLOORS.get(floor).contains(name)) {
                return floor;
            }
        }
        throw new AssertionError("The package " + ROOT + name + " lies on no floor. Give it one in FloorsTest.");
    }
}
