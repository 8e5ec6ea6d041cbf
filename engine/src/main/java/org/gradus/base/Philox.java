package org.gradus.base;

import java.util.function.IntToDoubleFunction;

/// Philox4x32-10, a counter-based random generator: the same key and counter give the same 128 bits, on every
/// machine and in any order. There is no state to keep or to lose.
///
/// Salmon, Moraes, Dror, Shaw: *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
///
/// A stream is a key (the seed mixed with what draws: a scope's path and its use number) and a step. Element `i` of a
/// draw uses words of block `i / 4` (32-bit draws) or `i / 2` (64-bit draws).
public record Philox(long key, long step) {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    /// The stream of a seed, a name for what draws, and a step.
    public static Philox of(long seed, long stream, long step) {
        return new Philox(key(seed, stream), step);
    }

    /// The key of a seed and a name for what draws.
    public static long key(long seed, long stream) {
        return mix(seed) ^ mix(stream ^ 0x9E3779B97F4A7C15L);
    }

    /// A number for a path and a use, to tell streams apart (FNV-1a, 64 bits).
    public static long stream(String path, int use) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
        }
        return (hash ^ use) * 0x100000001b3L;
    }

    /// Four random words.
    public int[] block(long counter) {
        int[] words = new int[4];
        block(key, step, counter, words);
        return words;
    }

    /// The four random words of a key, step and counter, into an array that is there.
    public static void block(long key, long step, long counter, int[] words) {
        int c0 = (int) counter;
        int c1 = (int) (counter >>> 32);
        int c2 = (int) step;
        int c3 = (int) (step >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = Integer.toUnsignedLong(M0) * Integer.toUnsignedLong(c0);
            long p1 = Integer.toUnsignedLong(M1) * Integer.toUnsignedLong(c2);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = n0;
            c2 = n2;
            k0 += W0;
            k1 += W1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /// Random 64 bits for element `i`.
    public long bits(long i) {
        return bits(block(i >>> 1), (int) (i & 1));
    }

    /// Uniform on [0, 1) for element `i`: 24 random bits for `float32`, 53 for `float64`.
    public double uniform(Type type, long i) {
        boolean wide = type == Type.FLOAT64;
        return uniform(type, block(wide ? i >>> 1 : i >>> 2), (int) (wide ? i & 1 : i & 3));
    }

    /// Standard normal for element `i`, by Box and Muller's transform of two uniforms.
    public double normal(Type type, long i) {
        boolean wide = type == Type.FLOAT64;
        return normal(type, block(wide ? i >>> 1 : i >>> 2), (int) (wide ? i & 1 : i & 3));
    }

    /// What [#uniform(Type, long)] gives, for places in order: a block is computed once for all of its elements.
    public IntToDoubleFunction uniforms(Type type) {
        Elements elements = new Elements(type);
        return i -> uniform(type, elements.block(i), elements.inside(i));
    }

    /// What [#normal(Type, long)] gives, for places in order; see [#uniforms].
    public IntToDoubleFunction normals(Type type) {
        Elements elements = new Elements(type);
        return i -> normal(type, elements.block(i), elements.inside(i));
    }

    /// Where the elements of a draw are, with the block looked at last.
    private final class Elements {
        private final int inBlock;
        private final int[] words = new int[4];
        private int last = -1;

        Elements(Type type) {
            inBlock = type == Type.FLOAT64 ? 2 : 4;
        }

        int[] block(int i) {
            int block = i / inBlock;
            if (block != last) {
                Philox.block(key, step, block, words);
                last = block;
            }
            return words;
        }

        int inside(int i) {
            return i % inBlock;
        }
    }

    /// 64 bits of a block: its element 0 or 1.
    public static long bits(int[] words, int element) {
        return Integer.toUnsignedLong(words[2 * element]) << 32 | Integer.toUnsignedLong(words[2 * element + 1]);
    }

    /// A uniform number of a block: one of its 2 elements for `float64`, else of its 4.
    public static double uniform(Type type, int[] words, int element) {
        return type == Type.FLOAT64 ? (bits(words, element) >>> 11) * 0x1p-53 : (words[element] >>> 8) * 0x1p-24;
    }

    /// A normal number of a block: one of its 2 elements for `float64`, else of its 4.
    public static double normal(Type type, int[] words, int element) {
        int pair = element & ~1;
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(type, words, pair)));
        double angle = 2 * Math.PI * uniform(type, words, pair + 1);
        return radius * ((element & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }

    /// SplitMix64's finaliser.
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
