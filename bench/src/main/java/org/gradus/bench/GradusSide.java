package org.gradus.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;
import org.gradus.bench.side.Worker;
import org.gradus.run.Session;

/// Gradus' side of the rows, as a program.
public final class GradusSide {
    private GradusSide() {}

    /// Serves a row, as [Worker] says; without arguments it prints how Gradus computes, such as `256-bit vectors (8 float32
    /// lanes)`.
    public static void main(String... arguments) throws IOException {
        if (arguments.length == 0) {
            System.out.println(Session.arithmetic());
        } else {
            Worker.serve(GradusSide::work, arguments);
        }
    }

    /// What Gradus does for a row.
    public static Work work(Row row, int threads, Path weights) {
        String name = row.name();
        return row.isCold() || row.isTraining() || name.startsWith("lenet")
                ? Networks.work(row, threads, weights)
                : Operations.work(row, threads);
    }
}
