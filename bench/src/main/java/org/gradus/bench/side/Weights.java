package org.gradus.bench.side;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A file of named float32 arrays, which Gradus writes and its peers read: for each array its name, rank, sizes and
/// numbers, big end first.
public final class Weights {
    /// Numbers and their sizes.
    public static final class Weight {
        private final int[] sizes;
        private final float[] numbers;

        public Weight(int[] sizes, float[] numbers) {
            this.sizes = sizes.clone();
            this.numbers = numbers.clone();
        }

        public int[] sizes() {
            return sizes.clone();
        }

        public float[] numbers() {
            return numbers.clone();
        }
    }

    private Weights() {}

    /// Writes a file, whole or not at all.
    public static void write(Path file, Map<String, Weight> weights) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
            out.writeInt(weights.size());
            for (Map.Entry<String, Weight> weight : weights.entrySet()) {
                out.writeUTF(weight.getKey());
                out.writeInt(weight.getValue().sizes().length);
                for (int size : weight.getValue().sizes()) {
                    out.writeInt(size);
                }
                for (float number : weight.getValue().numbers()) {
                    out.writeFloat(number);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Files.move(part, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a file.
    public static Map<String, Weight> read(Path file) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            Map<String, Weight> weights = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = in.readUTF();
                int[] sizes = new int[in.readInt()];
                for (int i = 0; i < sizes.length; i++) {
                    sizes[i] = in.readInt();
                }
                float[] numbers = new float[Numbers.count(sizes)];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = in.readFloat();
                }
                weights.put(name, new Weight(sizes, numbers));
            }
            return weights;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
