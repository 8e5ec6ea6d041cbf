package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;

/// Tiles of blocks give the bits of the vector code in whose place they run.
class AnyTileTest {
    @Test
    void givesTheBitsOfTheForm() {
        Random random = new Random(5);
        for (int i = 0; i < 120; i++) {
            Type type = random.nextBoolean() ? Type.FLOAT32 : Type.FLOAT64;
            int lanes = (type == Type.FLOAT32 ? 4 : 2) << random.nextInt(3);
            boolean shares = lanes * type.bytes() == 64 && random.nextBoolean();
            int rest = shares ? 1 + random.nextInt(lanes / 2) : 0;
            int vectors = (rest > 0 ? 2 : 1) + random.nextInt(3);
            int height = 1 + random.nextInt(13);
            Walk a = new Walk(random.nextInt(40), random.nextInt(20), 1 + random.nextInt(3));
            int apart = vectors * lanes + random.nextInt(2) * random.nextInt(9);
            Walk b = rest > 0
                    ? new Walk(random.nextInt(2) * apart, random.nextInt(2) * apart, apart)
                    : new Walk(random.nextInt(40), random.nextInt(20), apart);
            TileForm form = new TileForm(type, lanes, height, vectors, 1 + random.nextInt(9), a, b)
                    .sharing(rest)
                    .fresh(random.nextBoolean());
            int step = form.length() + random.nextInt(3);
            int continued = form.fresh() ? 0 : random.nextInt(2);
            int next = (1 + random.nextInt(height)) * step; // the next tile may overwrite rows
            Object[] arrays = {Forms.random(type, 2000, random, true), Forms.random(type, 2000, random, false)};
            for (int at = 6; rest > 0 && at + apart <= 2000; at += apart) {
                int shared = at + form.full() * lanes;
                for (int copy = 1; copy < Columns.shares(rest, lanes); copy++) {
                    System.arraycopy(arrays[1], shared, arrays[1], shared + copy * rest, rest);
                }
            }
            Object result = Forms.random(type, 2800, random, true);
            List<Object> others = List.of(copy(result), copy(result));
            form.tile().now(0).run(arrays, result, 2, 3, 7, 5, 6, 7, step, continued, 2, 11, next);
            for (int width : new int[] {1, lanes}) {
                Object other = others.get(width == 1 ? 0 : 1);
                AnyTile.of(form, Warming.none(Block.emitted(new Form(type, width))))
                        .run(arrays, other, 2, 3, 7, 5, 6, 7, step, continued, 2, 11, next);
                assertThat(Forms.hash(other)).as(width + " " + form).isEqualTo(Forms.hash(result));
            }
        }
    }

    private static Object copy(Object array) {
        return array instanceof float[] floats ? floats.clone() : ((double[]) array).clone();
    }
}
