package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Kernels in virtual machines of their own: same bits however it was started, and no allocation.
class KernelProbeTest {
    private static final String[] VECTORS = {"--add-modules", "jdk.incubator.vector", "-Dgradus.warming=false"};

    @Test
    void sameBitsOnEveryVectorWidthInterpretedAndWithoutTheModule() throws IOException, InterruptedException {
        List<String> expected = probe("bits", VECTORS);
        List<List<String>> options = List.of(
                List.of("-XX:UseAVX=2"),
                List.of("-XX:UseAVX=1"),
                List.of("-Xint"),
                List.of("-XX:TieredStopAtLevel=1"),
                List.of("-Dgradus.lanes=1"));
        for (List<String> option : options) {
            List<String> all = new ArrayList<>(option);
            Collections.addAll(all, VECTORS);
            assertThat(probe("bits", all.toArray(String[]::new)))
                    .as(option.toString())
                    .isEqualTo(expected);
        }
        assertThat(probe("bits")).as("class path").isEqualTo(expected);
    }

    /// Without the vector module the scalar form runs, and says so once, with what to do; with it nothing is said.
    @Test
    void theClassPathRunsOneNumberAtATimeAndSaysSo() throws IOException, InterruptedException {
        Process scalar = start("session");
        String said = new String(scalar.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> printed = scalar.inputReader().lines().toList();
        assertThat(scalar.waitFor()).as(said).isZero();
        assertThat(printed.get(0)).isEqualTo("scalar");
        assertThat(said.lines().filter(line -> line.contains("Gradus")))
                .singleElement(STRING)
                .startsWith("WARNING: Gradus computes one number at a time")
                .contains("--add-modules jdk.incubator.vector");
        Process vectors = start("session", VECTORS);
        String quiet = new String(vectors.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> same = vectors.inputReader().lines().toList();
        assertThat(same.get(0)).contains("bit vectors");
        assertThat(quiet).doesNotContain("Gradus");
        assertThat(same.subList(1, 3)).isEqualTo(printed.subList(1, 3));
    }

    @Test
    void runningAllocatesNothing() throws IOException, InterruptedException {
        assertThat(probe("allocation", VECTORS))
                .containsExactly(
                        "map 0",
                        "rows 0",
                        "columns 0",
                        "forward 0",
                        "input gradient 0",
                        "weight gradient 0",
                        "Winograd 0",
                        "Winograd 0",
                        "Winograd 0",
                        "product 0",
                        "pool 0");
    }

    /// HotSpot gives up on long methods. The last compiler must not. And rehearsals must find out that it has done its work.
    @Test
    void everyKernelIsCompiled() throws IOException, InterruptedException {
        Pattern compiled = Pattern.compile(" 4 +org\\.gradus\\.kernel\\.(\\w*\\d)[./]\\S*::(\\w+) ");
        Set<String> skipped = new TreeSet<>();
        List<String> lines = probe("compilation", VECTORS[0], VECTORS[1], "-XX:+PrintCompilation");
        for (String line : lines) {
            Matcher match = compiled.matcher(line);
            if (match.find()) {
                String method = match.group(1) + "." + match.group(2);
                if (line.contains("COMPILE SKIPPED")) {
                    skipped.add(method);
                } else {
                    skipped.remove(method);
                }
            }
        }
        assertThat(skipped).isEmpty();
        assertThat(lines)
                .anyMatch(line -> line.contains("stay plain: 0"))
                .anyMatch(line -> line.contains("unfinished: []"));
    }

    /// Its code for vectors is of no use, and many masks would take all of its registers. It says twice what it gives up.
    @Test
    void theFirstCompilerDoesNotTouchVectorCode() throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of(VECTORS));
        Collections.addAll(options, "-Xbatch", "-XX:+PrintCompilation");
        List<String> lines = probe("many arrays", options.toArray(String[]::new));
        List<String> first = lines.stream()
                .filter(line -> line.matches(".* [1-3] +org\\.gradus\\.kernel\\.map.*"))
                .toList();
        assertThat(first.stream().filter(line -> line.contains("COMPILE SKIPPED")))
                .hasSize(first.size() / 2)
                .isNotEmpty();
        assertThat(lines).anyMatch(line -> line.matches(".* 4 +org\\.gradus\\.kernel\\.map.*::run .*"));
    }

    /// What [KernelProbe] prints, but for the first line, which says what form it runs.
    private static List<String> probe(String what, String... options) throws IOException, InterruptedException {
        Process process = start(what, options);
        process.getErrorStream().close();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor())
                .as(process.info().commandLine().orElse(what))
                .isZero();
        return lines.subList(1, lines.size());
    }

    private static Process start(String what, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Collections.addAll(command, options);
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.add("-cp");
        command.add(folder(Kernel.class) + File.pathSeparator + folder(KernelProbe.class));
        command.add(KernelProbe.class.getName());
        command.add(what);
        return new ProcessBuilder(command).start();
    }

    /// The folder that a class was read from.
    private static Path folder(Class<?> type) {
        Path file = Path.of(
                URI.create(type.getResource(type.getSimpleName() + ".class").toString()));
        return file.getParent().getParent().getParent().getParent();
    }
}
