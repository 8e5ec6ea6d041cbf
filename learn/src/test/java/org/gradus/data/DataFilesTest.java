package org.gradus.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsMissingIsTold() {
        assertThatThrownBy(() -> DataFiles.read(folder.resolve("nosuch"), Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("file-missing"))
                .hasMessageStartingWith("There is no file or folder `" + folder.resolve("nosuch") + "`.");
    }

    @Test
    void whatIsNotRecognisedIsToldWithWhatWasLookedFor() throws IOException {
        unknown(folder, "is an empty folder");
        Path text = Files.writeString(folder.resolve("input.doc"), "To be");
        unknown(text, "is a file of another kind");
        Files.createDirectory(folder.resolve("sub"));
        unknown(folder, "is a folder with input.doc, sub");
    }

    @Test
    void anEmptyFileIsTold() throws IOException {
        Path file = Files.createFile(folder.resolve("a.csv"));
        assertThatThrownBy(() -> DataFiles.read(file, Reading.DEFAULT))
                .hasMessageStartingWith("`" + file + "` is empty.");
    }

    @Test
    void dataAreCutInThreeOrWithTheirOwnTestPartInTwo() throws IOException {
        StringBuilder rows = new StringBuilder("a,label\n");
        for (int i = 0; i < 20; i++) {
            rows.append(i).append(',').append(i / 10 == 0 ? "x" : "y").append('\n');
        }
        DataFiles table = DataFiles.read(Files.writeString(folder.resolve("a.csv"), rows), Reading.DEFAULT);
        assertThat(table.split(1)).hasToString("[12, 4, 4] examples");

        ImageFiles.idxPair(folder, "train", new int[20], 0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        ImageFiles.idxPair(folder, "t10k", new int[6], 0, 1, 1);
        DataFiles images = DataFiles.read(folder, Reading.DEFAULT);
        assertThat(images.split(1)).hasToString("[8, 2, 3] examples");
        assertThat(images.split(1).test()).isSameAs(images.test());
    }

    private static void unknown(Path path, String what) {
        assertThatThrownBy(() -> DataFiles.read(path, Reading.DEFAULT))
                .isInstanceOfSatisfying(
                        GradusException.class, e -> assertThat(e.kind()).isEqualTo("data-unknown"))
                .hasMessageStartingWith("`" + path + "` " + what + ", and no data are recognised in it. Looked for:")
                .hasMessageContaining("train-images-idx3-ubyte")
                .hasMessageContaining("data_batch_1.bin")
                .hasMessageContaining("*.csv")
                .hasMessageContaining("sub-folder of PNG or JPEG");
    }
}
