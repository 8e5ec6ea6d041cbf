package org.gradus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Training for long needs no more memory than training for a while.
class FlatMemoryTest {
    /// The smallest object has 16 bytes: one more of them after each of the 8,000 steps would not go unseen. (Heaps of
    /// equal programs differ by a few kB, from what the virtual machine itself keeps.)
    private static final long HEAP = 8_000 * 16;

    /// Half a kB after each step, outside of the heap. Without the optimizing compiler, whose working memory grows by tens
    /// of MB while it is still busy, the process stays within 0.3 MB.
    private static final long RESIDENT = 8_000 * 512;

    @Test
    void flatMemoryForTenThousandSteps() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dgradus.lanes=1", // vectors are slow without the optimizing compiler
                        "-Xms48m", // all of it in use from the beginning, so that the rest of the process shows
                        "-Xmx48m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                        FlatMemory.class.getName()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        long[] heap = numbers(said, "heap ");
        assertThat(heap[1]).as(said).isLessThan(heap[0] + HEAP);
        long[] resident = numbers(said, "resident ");
        if (resident[0] < 0) {
            System.out.println("Resident memory: skipped, because this system has no /proc/self/status.");
        } else {
            assertThat(resident[1]).as(said).isLessThan(resident[0] + RESIDENT);
        }
    }

    /// After two thousand and after ten thousand steps.
    private static long[] numbers(String said, String what) {
        long[] numbers = said.lines()
                .filter(line -> line.startsWith(what))
                .mapToLong(line -> Long.parseLong(line.substring(what.length())))
                .toArray();
        assertThat(numbers).as(said).hasSize(2);
        return numbers;
    }
}
