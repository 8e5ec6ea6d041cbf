package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryCommandTest {
    @TempDir
    private Path folder;

    @Test
    void theSummaryCounts() throws IOException {
        Spoken lenet = run("summary lenet");

        // Caffe's LeNet: 20·25 + 20, 50·20·25 + 50, 800·500 + 500, 500·10 + 10. Biases and relus count as operations.
        assertThat(lenet.out())
                .containsPattern("conv1 +Conv +\\[20, 24, 24] +520 +587,520")
                .containsPattern("ip1 +Linear +\\[500] +400,500 +801,000")
                .contains(
                        "431,080 parameters",
                        "\nweight decay of 0.01: of 430,500 parameters, not of 580 (biases)\n",
                        "example [1, 28, 28]")
                // Adam's two moments: 2·4·431,080 bytes
                .contains("Memory: 1.6 MiB of parameters and buffers, 3.3 MiB of the optimizer, ");
        assertThat(run("summary resnet20").out()).contains("layer3.2.conv2", "269,722 parameters");
        assertThat(run("summary mlp --input 13 --classes 3").out()).contains("1,091 parameters");
        Files.writeString(
                folder.resolve("whole.toml"),
                run("train --print-config --model mlp --batch 16").out());
        assertThat(run("summary @whole.toml --input 13 --classes 3").out()).contains("1,091 parameters");
    }

    @Test
    void theSummarySaysWhatIsDrawnTowardsZero() throws IOException {
        Files.writeString(folder.resolve("drawn.toml"), """
                [model]
                layer = [{ type = "linear", out = 5 }, "batch_norm", { type = "linear", out = "classes" }]
                [optimizer]
                type = "sgd"
                penalty = [
                  { type = "norm", p = 1.5, rate = 0.1 },
                  { type = "powers", p = 1, rate = 0.2, everywhere = true },
                  { type = "max_norm", limit = 3.0, on = "2.*" },
                ]
                group = [{ parameters = "0.*", weight_decay = 0.0 }]
                [training]
                freeze = ["2.bias"]
                """);

        // 4·5 + 5, 5 + 5, 5·3 + 3 parameters, of which 3 are frozen.
        assertThat(run("summary @drawn.toml --input 4 --classes 3").out()).contains("""

                        53 parameters
                        powers of order 1.0 times 0.2: of 25 parameters, not of 25 (weights, biases)
                        norm of order 1.5 times 0.1: of 15 parameters, not of 35 (weights, biases, norms)
                        largest norm of 3.0: of 15 parameters, not of 35 (weights, biases, norms)
                        """);
        assertThat(run("summary mlp --input 4").out()).contains("weight decay of 0.01: of ");
        Files.writeString(folder.resolve("plain.toml"), "[optimizer]\ntype = 'sgd'\n[model]\nname = 'mlp'\n");
        assertThat(run("summary @plain.toml --input 4").out()).contains("\nNone is drawn towards 0\n");
    }

    private Spoken run(String line) {
        Spoken spoken = Spoken.by(line.replace("@", folder + "/").split(" +", -1));
        assertThat(spoken.err()).isEmpty();
        return spoken;
    }
}
