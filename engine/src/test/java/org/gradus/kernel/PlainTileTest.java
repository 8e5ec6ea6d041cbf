package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.gradus.base.Type;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plain tiles give the bits of the vector code in whose place they run.
class PlainTileTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void givesTheBitsOfTheForm(boolean masked) {
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            int lanes = 4 << random.nextInt(3);
            int vectors = 1 + random.nextInt(2);
            int height = 1 + random.nextInt(13);
            Walk a = new Walk(random.nextInt(40), random.nextInt(20), 1 + random.nextInt(3));
            Walk b = new Walk(random.nextInt(40), random.nextInt(20), vectors * lanes);
            Epilogue last = new Epilogue(random.nextBoolean(), random.nextBoolean());
            TileForm form =
                    new TileForm(Type.FLOAT32, lanes, height, vectors, masked, true, 1 + random.nextInt(9), a, b, last);
            int used = masked ? 1 + random.nextInt(lanes) : lanes;
            int length = (vectors - 1) * lanes + used;
            int step = length + random.nextInt(3);
            int continued = random.nextInt(2);
            Object[] arrays = {
                Forms.random(Type.FLOAT32, 2000, random, true),
                Forms.random(Type.FLOAT32, 2000, random, false),
                Forms.random(Type.FLOAT32, 1000, random, true),
                Forms.random(Type.FLOAT32, 100, random, false)
            };
            Object[] plain = arrays.clone();
            plain[2] = ((float[]) arrays[2]).clone();
            form.tile().now(0).run(arrays, 2, 3, 7, 5, 6, 7, step, used, 4, continued);
            new PlainTile(form).run(plain, 2, 3, 7, 5, 6, 7, step, used, 4, continued);
            assertThat(Forms.hash(plain[2])).as(form.toString()).isEqualTo(Forms.hash(arrays[2]));
        }
    }
}
