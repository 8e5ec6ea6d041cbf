package org.gradus.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope.Mode;

/// A program that trains a network with batch norm, dropout and momentum for ten thousand steps and prints the memory it has then and had after two thousand, for
/// [FlatMemoryTest]: a virtual machine of its own has nothing else in it.
final class FlatMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private FlatMemory() {}

    public static void main(String[] arguments) throws IOException {
        Session session = new Session(1, Type.FLOAT32, 2);
        Step train = session.step("train", Mode.TRAIN, Networks.momentum(Networks.convolutional()));
        Array[] batch = Networks.batch(Type.FLOAT32, 6, 2, 5, 6);
        Array[] shorter = Networks.batch(Type.FLOAT32, 5, 2, 5, 6);
        for (int i = 1; i <= 10_000; i++) {
            double loss = train.run(i % 20 == 0 ? shorter : batch).get(0).get(0);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("The loss is " + loss + ".");
            }
            if (i == 2_000 || i == 10_000) {
                System.out.println("heap " + heap());
                System.out.println("resident " + resident());
            }
        }
    }

    /// The bytes of all objects that are reachable.
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /// The bytes of memory that the process has, or -1 where the system does not say.
    private static long resident() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return -1;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024
                        * Long.parseLong(Arrays.stream(line.split("\\s+"))
                                .skip(1)
                                .findFirst()
                                .orElseThrow()))
                .findFirst()
                .orElse(-1);
    }
}
