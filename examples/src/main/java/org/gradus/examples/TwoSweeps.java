package org.gradus.examples;

import static org.gradus.eager.Eager.scalar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gradus.autodiff.Sweeps;
import org.gradus.graph.Tensor;
import org.gradus.ops.Functions;

/// The lecture's computational graph: y1 = sin(w1 · x + w0) and y2 = cos(w1 · x + w0) with the values and partial
/// derivatives of the forward and of the reverse sweep.
///
/// Lecture: *Gradient Computation & Automatic Differentiation*, slides 7.3 to 7.7.
public final class TwoSweeps {
    private TwoSweeps() {}

    /// Both sweeps at w0 = 0.3, w1 = 0.7, x = 2: forward by w1, reverse of y2.
    public static Sweeps sweeps() {
        return Sweeps.of(
                List.of("w0", "w1", "x"),
                List.of(scalar(0.3), scalar(0.7), scalar(2.0)),
                in -> {
                    Tensor u = in.get(1).times(in.get(2)).plus(in.get(0));
                    return List.of(Functions.sin(u), Functions.cos(u));
                },
                "w1",
                1);
    }

    /// Prints the table; with a path as the argument, writes the graph there as SVG.
    public static void main(String[] args) throws IOException {
        System.out.print(sweeps());
        if (args.length > 0) {
            Files.writeString(Path.of(args[0]), sweeps().toSvg());
        }
    }
}
