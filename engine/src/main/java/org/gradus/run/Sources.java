package org.gradus.run;

import org.gradus.base.Philox;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Source;
import org.gradus.kernel.Pool;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;

/// What comes from nowhere: positions along an axis, and random numbers.
final class Sources {
    private static final int ELEMENTS_OF_PART = 1 << 12;
    private static final int MOST_PARTS = 64;

    private Sources() {}

    static Draft iota(Plan.Entry entry, TensorType type, int axis, Memory memory) {
        Place to = entry.writes().get(0);
        Object array = memory.array(to);
        int size = type.shape().size(axis);
        int stride = type.shape().strides()[axis];
        int runs = to.extent() / Math.max(1, stride);
        int parts = Math.min(Math.max(1, runs), parts(to));
        Pool.Task task = part -> {
            int end = (int) ((long) runs * (part + 1) / parts);
            for (int run = (int) ((long) runs * part / parts); run < end; run++) {
                Moves.fill(array, to.offset() + run * stride, stride, run % size);
            }
        };
        return Draft.of(() -> memory.threads().run(parts, task));
    }

    private static int parts(Place to) {
        return Math.clamp(to.extent() / ELEMENTS_OF_PART, 1, MOST_PARTS);
    }

    static Draft random(Plan.Entry entry, Source.Random op, Memory memory) {
        Place to = entry.writes().get(0);
        int parts = parts(to);
        Draw draw = new Draw(op, entry, parts, memory);
        return Draft.of(() -> {
            draw.begin();
            memory.threads().run(parts, draw);
        });
    }

    /// Random numbers, block by block of the generator.
    private static final class Draw implements Pool.Task {
        private final Source.Random op;
        private final Type type;
        private final int perBlock;
        private final long[] key;
        private final int keyAt;
        private final Object array;
        private final Place to;
        private final int[][] words; // of each part
        private long stream;

        Draw(Source.Random op, Plan.Entry entry, int parts, Memory memory) {
            this.op = op;
            type = op.type().type();
            perBlock = type == Type.FLOAT32 ? 4 : 2;
            key = (long[]) memory.array(entry.reads().get(0));
            keyAt = entry.reads().get(0).offset();
            to = entry.writes().get(0);
            array = memory.array(to);
            words = new int[parts][4];
        }

        void begin() {
            stream = Philox.key(key[keyAt], op.stream());
        }

        @Override
        public void run(int part) {
            int blocks = (to.extent() + perBlock - 1) / perBlock;
            int end = (int) ((long) blocks * (part + 1) / words.length);
            for (int block = (int) ((long) blocks * part / words.length); block < end; block++) {
                Philox.block(stream, key[keyAt + 1], block, words[part]);
                int first = block * perBlock;
                int count = Math.min(perBlock, to.extent() - first);
                for (int i = 0; i < count; i++) {
                    store(to.offset() + first + i, i, words[part]);
                }
            }
        }

        private void store(int at, int i, int[] block) {
            switch (array) {
                case float[] a -> a[at] = (float) number(i, block);
                case double[] a -> a[at] = number(i, block);
                case long[] a -> a[at] = Philox.bits(block, i);
                default -> throw new AssertionError(array.getClass());
            }
        }

        private double number(int i, int[] block) {
            return switch (op.distribution()) {
                case UNIFORM -> Philox.uniform(type, block, i);
                case NORMAL -> Philox.normal(type, block, i);
                case BITS -> Philox.bits(block, i);
            };
        }
    }
}
