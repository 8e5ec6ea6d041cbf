package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.gradus.base.Type;
import org.junit.jupiter.api.Test;

/// Plain tiles give the bits of the vector code in whose place they run.
class PlainTileTest {
    @Test
    void givesTheBitsOfTheForm() {
        Random random = new Random(5);
        for (int i = 0; i < 80; i++) {
            int lanes = 4 << random.nextInt(3);
            int vectors = 1 + random.nextInt(3);
            int height = 1 + random.nextInt(13);
            Walk a = new Walk(random.nextInt(40), random.nextInt(20), 1 + random.nextInt(3));
            Walk b = new Walk(random.nextInt(40), random.nextInt(20), vectors * lanes);
            TileForm form = new TileForm(Type.FLOAT32, lanes, height, vectors, 1 + random.nextInt(9), a, b);
            int step = vectors * lanes + random.nextInt(3);
            int continued = random.nextInt(2);
            Object[] arrays = {
                Forms.random(Type.FLOAT32, 2000, random, true), Forms.random(Type.FLOAT32, 2000, random, false)
            };
            float[] result = (float[]) Forms.random(Type.FLOAT32, 2800, random, true);
            float[] plain = result.clone();
            form.tile().now(0).run(arrays, result, 2, 3, 7, 5, 6, 7, step, continued, 2, 11, height * step);
            new PlainTile(form).run(arrays, plain, 2, 3, 7, 5, 6, 7, step, continued, 2, 11, height * step);
            assertThat(Forms.hash(plain)).as(form.toString()).isEqualTo(Forms.hash(result));
        }
    }
}
