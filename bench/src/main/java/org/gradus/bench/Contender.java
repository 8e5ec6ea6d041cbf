package org.gradus.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// A library in the comparison, and how a process of it is started.
///
/// @param command up to the main class; the [Worker][org.gradus.bench.side.Worker]'s arguments follow
/// @param environment what it adds to that of this process; `$threads` stands for their number
/// @param files what must be on disk for it to run: jars and what they unpack
record Contender(String name, List<String> command, Map<String, String> environment, List<Path> files) {
    private static final String MEMORY = "-Xmx4g";
    private static final String SIDE = "org.gradus.bench.GradusSide";
    private static final String MAIN = "org.gradus.bench/" + SIDE;

    /// Gradus, on the module path of this process and with the launcher's archive of classes.
    ///
    /// @param precise whether its sessions are
    static Contender gradus(boolean precise) {
        return gradus("Gradus", precise, "-p", modules(), "-m", MAIN);
    }

    /// Gradus on vectors that hold fewer numbers; at last on none, since the class path lacks the module for vectors.
    ///
    /// @param precise whether its sessions are
    static List<Contender> fewerLanes(boolean precise) {
        String jars = modules().replaceFirst(File.pathSeparator, "/*" + File.pathSeparator);
        String lenient = "-XX:+IgnoreUnrecognizedVMOptions"; // only some processors have AVX
        return List.of(
                gradus("UseAVX=2", precise, lenient, "-XX:UseAVX=2", "-p", modules(), "-m", MAIN),
                gradus("UseAVX=1", precise, lenient, "-XX:UseAVX=1", "-p", modules(), "-m", MAIN),
                gradus("scalar", precise, "-cp", jars, SIDE));
    }

    /// @param how the command ends: further options, and where the main class is
    private static Contender gradus(String name, boolean precise, String... how) {
        List<String> command = new ArrayList<>(List.of(java(), MEMORY, "-Dgradus.precise=" + precise));
        for (String option : Objects.requireNonNullElse(System.getenv("GRADUS_JAVA_OPTS"), "")
                .split(" ", -1)) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        Path distribution = Path.of(modules().split(File.pathSeparator, -1)[0]);
        command.add("-XX:SharedArchiveFile=" + distribution.resolveSibling("start.jsa"));
        command.add("-Xlog:cds*=off,aot*=off");
        command.addAll(List.of(how));
        return new Contender(name, command, Map.of(), List.of(distribution));
    }

    /// The folder of the distribution's jars, and this benchmark.
    private static String modules() {
        return Objects.requireNonNull(System.getProperty("jdk.module.path"));
    }

    /// What a process of Gradus says of how it computes, such as `256-bit vectors (8 float32 lanes)`.
    String arithmetic() {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(name + " does not start: " + command);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// PyTorch's native CPU engine in DJL, and TensorFlow for Java: what the profile `peers` has built below `root`.
    ///
    /// @param preload a library that makes MKL take its fast path on any processor; empty for none
    static List<Contender> peers(Path root, Path preload) {
        Path djl = root.resolve("bench/djl/target");
        Path unpacked = djl.resolve("unpacked");
        Map<String, String> threads = new LinkedHashMap<>();
        threads.put("OMP_NUM_THREADS", "$threads");
        threads.put("MKL_NUM_THREADS", "$threads");
        threads.put("DJL_CACHE_DIR", unpacked.toString());
        List<String> engine = List.of(
                "-Dai.djl.pytorch.num_threads=$threads",
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Doffline=true",
                "-Dai.djl.offline=true");
        List<Contender> peers = new ArrayList<>();
        peers.add(peer("PyTorch", djl, "djl.DjlSide", unpacked, engine, threads));
        if (!preload.toString().isEmpty()) {
            Map<String, String> tuned = new LinkedHashMap<>(threads);
            tuned.put("LD_PRELOAD", preload.toString());
            tuned.put("MALLOC_MMAP_MAX_", "0"); // big blocks stay mapped
            tuned.put("MALLOC_TRIM_THRESHOLD_", "34359738368");
            peers.add(peer("PyTorch AVX-512", djl, "djl.DjlSide", unpacked, engine, tuned));
        }
        Path tf = root.resolve("bench/tf/target");
        peers.add(peer(
                "TensorFlow",
                tf,
                "tf.TfSide",
                tf.resolve("unpacked"),
                List.of(
                        "-Dorg.bytedeco.javacpp.cachedir=" + tf.resolve("unpacked"),
                        "-Dorg.bytedeco.javacpp.maxbytes=8g",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=14g"),
                Map.of("OMP_NUM_THREADS", "$threads", "TF_CPP_MIN_LOG_LEVEL", "2")));
        return peers;
    }

    private static Contender peer(
            String name, Path target, String main, Path unpacked, List<String> options, Map<String, String> more) {
        String path;
        try {
            path = Files.readString(target.resolve("classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The peers are not built; `./gradus bench --peers` does it.", e);
        }
        List<String> command = new ArrayList<>(
                List.of(java(), MEMORY, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        String separator = File.pathSeparator;
        command.addAll(List.of("-cp", target.resolve("classes") + separator + path, "org.gradus.bench." + main));
        List<Path> files = new ArrayList<>(List.of(unpacked));
        Stream.of(path.split(separator, -1))
                .map(Path::of)
                .filter(jar -> !jar.toString().contains("gradus-bench"))
                .forEach(files::add);
        return new Contender(name, command, more, files);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// The bytes of its files.
    long bytesOnDisk() {
        long bytes = 0;
        for (Path file : files) {
            try (Stream<Path> all = Files.walk(file)) {
                for (Path regular : all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                        .toList()) {
                    bytes += Files.size(regular);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes;
    }
}
