package org.gradus.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Values and gradients held against those that PyTorch computed: the third oracle. The archive of stored numbers is
/// not part of the project; without it the test is skipped.
///
/// A kind of cases has one table of checks; a line in it makes an op supported.
class TorchReferenceTest {
    private static final String ARCHIVE = "torch-reference";

    private static final int CASES = 532;

    private static final Map<String, Map<String, Check>> TABLES = Map.of(
            "op", OpTable.TABLE,
            "activation", ActivationTable.TABLE,
            "second_order", SecondOrderTable.TABLE,
            "layer", LayerTable.TABLE,
            "loss", LossTable.TABLE,
            "optim", OptimTable.TABLE,
            "clip", ClipTable.TABLE,
            "schedule", ScheduleTable.TABLE);

    @Test
    void agreesWithPyTorch() throws IOException {
        Optional<Path> archive = Suite.find(ARCHIVE);
        String skipped = "Reference values: skipped, because there is no shared/suites/" + ARCHIVE
                + ".tar.gz in this folder or above; " + Suite.FOLDER + " may name its folder.";
        if (archive.isEmpty()) {
            System.out.println(skipped);
        }
        assumeTrue(archive.isPresent(), skipped);
        Results results = new Results();
        List<Case> cases = Suite.read(archive.orElseThrow()).cases();
        for (Case given : cases) {
            results.run(given, TABLES.getOrDefault(given.kind(), Map.of()).get(given.op()));
        }
        Path table = Files.writeString(Path.of("target", ARCHIVE + ".txt"), results.table());
        System.out.println("Reference values of PyTorch (each op: " + table + ")\n" + results.summary());
        assertThat(results.failures()).isEmpty();
        assertThat(results.passed()).as("cases that passed").isEqualTo(CASES);
        assertThat(cases).as("none is skipped").hasSize(CASES);
    }
}
