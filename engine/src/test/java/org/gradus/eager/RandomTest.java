package org.gradus.eager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.gradus.base.Type.*;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Shape;
import org.gradus.base.Summary;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Source.Distribution;
import org.gradus.graph.Source.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Random numbers from a counter: known answers, moments, and what they depend on.
class RandomTest {
    private static final long SEED = 20250715;

    /// A line of `kat_vectors` of Random123: the key and the counter, low words first, and the answer.
    record Known(long key, long step, long counter, List<Integer> words) {}

    static Stream<Known> known() {
        return Stream.of(
                new Known(0, 0, 0, List.of(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)),
                new Known(-1, -1, -1, List.of(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)),
                new Known(
                        0x299f31d0a4093822L,
                        0x0370734413198a2eL,
                        0x85a308d3243f6a88L,
                        List.of(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)));
    }

    @ParameterizedTest
    @MethodSource("known")
    void knownAnswers(Known line) {
        int[] words = new Philox(line.key(), line.step()).block(line.counter());
        assertThat(Arrays.stream(words).boxed()).isEqualTo(line.words());
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void drawsInOrderAreThoseOfTheirPlaces(Type type) {
        Philox random = Philox.of(SEED, 1, 2);
        IntToDoubleFunction uniform = random.uniforms(type);
        IntToDoubleFunction normal = random.normals(type);
        for (int i : new int[] {0, 1, 2, 3, 4, 5, 9, 8, 11, 1_000_003, 2}) {
            assertThat(uniform.applyAsDouble(i)).isEqualTo(random.uniform(type, i));
            assertThat(normal.applyAsDouble(i)).isEqualTo(random.normal(type, i));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void moments(Type type) {
        int n = 200_000;
        double[] uniform = draw(Distribution.UNIFORM, type, n).toDoubles();
        assertThat(Arrays.stream(uniform).allMatch(u -> u >= 0 && u < 1))
                .as("seed %d", SEED)
                .isTrue();
        // Six standard errors of mean and variance.
        assertThat(mean(uniform)).as("seed %d", SEED).isCloseTo(0.5, within(6 * Math.sqrt(1.0 / 12 / n)));
        assertThat(variance(uniform)).as("seed %d", SEED).isCloseTo(1.0 / 12, within(6 * Math.sqrt(1.0 / 180 / n)));

        double[] normal = draw(Distribution.NORMAL, type, n).toDoubles();
        assertThat(mean(normal)).as("seed %d", SEED).isCloseTo(0, within(6 / Math.sqrt(n)));
        assertThat(variance(normal)).as("seed %d", SEED).isCloseTo(1, within(6 * Math.sqrt(2.0 / n)));
        double fourth = Arrays.stream(normal).map(z -> z * z * z * z).average().orElseThrow();
        assertThat(fourth).as("seed %d", SEED).isCloseTo(3, within(6 * Math.sqrt(96.0 / n)));
        double neighbours = 0;
        for (int i = 1; i < n; i++) {
            neighbours += normal[i] * normal[i - 1];
        }
        assertThat(neighbours / n).as("seed %d", SEED).isCloseTo(0, within(6 / Math.sqrt(n)));
    }

    @Test
    void bitsAreEvenlySet() {
        int n = 20_000;
        long[] bits = draw(Distribution.BITS, INT64, n).toLongs();
        for (int bit = 0; bit < 64; bit++) {
            int at = bit;
            long set =
                    Arrays.stream(bits).filter(word -> (word >>> at & 1) == 1).count();
            assertThat((double) set).as("bit %d, seed %d", bit, SEED).isCloseTo(n / 2.0, within(6 * Math.sqrt(n) / 2));
        }
    }

    @Test
    void numbersDependOnSeedStepStreamAndPositionAlone() {
        Random four = new Random(Distribution.NORMAL, TensorType.of(FLOAT32, 4), 7);
        Random square = new Random(Distribution.NORMAL, TensorType.of(FLOAT32, 2, 2), 7);
        Random other = new Random(Distribution.NORMAL, TensorType.of(FLOAT32, 4), 8);
        double[] numbers = drawn(four, SEED, 1);
        assertThat(drawn(square, SEED, 1)).containsExactly(numbers);
        assertThat(drawn(other, SEED, 1)).doesNotContain(numbers);
        assertThat(drawn(four, SEED, 2)).doesNotContain(numbers);
        assertThat(drawn(four, SEED + 1, 1)).doesNotContain(numbers);
        Philox philox = Philox.of(SEED, 7, 1);
        assertThat(numbers[3]).isEqualTo((float) philox.normal(FLOAT32, 3));
    }

    @Test
    void theKeyIsSeedAndStep() {
        Random op = new Random(Distribution.UNIFORM, TensorType.of(FLOAT32, 4), 7);
        assertThat(Case.refusal("random-key", op, Case.longs(1))).contains("int64[2]");
    }

    @Test
    void streamsForUsers() {
        Array numbers = Eager.stream(SEED, 3)
                .draw(Distribution.NORMAL, FLOAT32, Shape.of(100))
                .array();
        assertThat(numbers.toDoubles())
                .containsExactly(Eager.stream(SEED, 3)
                        .draw(Distribution.NORMAL, FLOAT32, Shape.of(100))
                        .array()
                        .toDoubles());
        assertThat(Summary.of(numbers).nans()).isZero();
    }

    private static Array draw(Distribution distribution, Type type, int count) {
        return Eager.stream(SEED, 1).draw(distribution, type, Shape.of(count)).array();
    }

    private static double[] drawn(Random op, long seed, long step) {
        return Case.run(op, Case.longs(seed, step)).get(0).toDoubles();
    }

    private static double mean(double... values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double... values) {
        double mean = mean(values);
        return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    }
}
