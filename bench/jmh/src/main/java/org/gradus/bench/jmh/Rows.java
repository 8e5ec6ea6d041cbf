package org.gradus.bench.jmh;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.gradus.bench.GradusSide;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What generated kernels do: rows of the table that are single ops.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class Rows {
    @Param({"batchnorm", "layernorm", "crossentropy", "elementwise", "momentum", "adam"})
    public String row = "";

    private Work work = work(Row.of("momentum"));

    @Setup
    public void trace() {
        work = work(Row.of(row));
    }

    private static Work work(Row row) {
        return GradusSide.work(row, 1, Path.of(""));
    }

    @Benchmark
    public void run() {
        work.run();
    }
}
