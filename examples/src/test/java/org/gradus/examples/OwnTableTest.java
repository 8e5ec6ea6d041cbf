package org.gradus.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnTableTest {
    @Test
    void aPriceIsLearnt(@TempDir Path folder) throws IOException {
        List<String> rows = new ArrayList<>(List.of("area,price,rooms"));
        for (int i = 0; i < 400; i++) {
            int area = 40 + i * 37 % 160;
            int rooms = 1 + i * 13 % 5;
            rows.add(area + "," + (2000.5 * area + 10_000 * rooms) + "," + rooms);
        }
        Path table = Files.write(folder.resolve("houses.csv"), rows);

        double price = OwnTable.predict(table.toString(), "price", folder.resolve("run"), 100, 3);

        assertThat(price).isBetween(0.95 * 230_050, 1.05 * 230_050);
    }
}
