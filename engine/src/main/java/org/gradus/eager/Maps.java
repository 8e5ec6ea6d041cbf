package org.gradus.eager;

import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Evaluation;
import org.gradus.graph.MapOp;

/// Elementwise ops: the body at one position after the other.
final class Maps {
    private Maps() {}

    static List<Array> run(MapOp op, List<Array> inputs, List<TensorType> outputs) {
        List<Array> results = outputs.stream().map(Array::zeros).toList();
        if (op.type().isFloating()) {
            floating(op, inputs, results);
        } else {
            integer(op, inputs, results);
        }
        return results;
    }

    /// In double; but literals and what is read are of the map's type first, so that comparisons see the same numbers.
    private static void floating(MapOp op, List<Array> inputs, List<Array> results) {
        boolean single = op.type() == Type.FLOAT32;
        Body body = single ? op.formula().body().single() : op.formula().body();
        double[] registers = new double[body.registers()];
        for (int i = 0; i < results.get(0).count(); i++) {
            for (int x = 0; x < inputs.size(); x++) {
                double given = inputs.get(x).get(i);
                registers[x] = single ? (float) given : given;
            }
            Evaluation.run(body, registers);
            for (int y = 0; y < results.size(); y++) {
                results.get(y).set(i, registers[body.results().get(y)]);
            }
        }
    }

    private static void integer(MapOp op, List<Array> inputs, List<Array> results) {
        Body body = op.formula().body();
        long[] registers = new long[body.registers()];
        for (int i = 0; i < results.get(0).count(); i++) {
            for (int x = 0; x < inputs.size(); x++) {
                registers[x] = read(inputs.get(x), i, op.type());
            }
            try {
                Evaluation.run(body, op.type(), registers);
            } catch (ArithmeticException e) {
                throw new GradusException(
                        "divide-by-zero",
                        op.name() + ": divides an integer by 0 at "
                                + Places.index(results.get(0).shape(), i)
                                + ". Integers have no infinity: keep zeros out of the divisor, or cast to a"
                                + " floating-point type.",
                        e);
            }
            for (int y = 0; y < results.size(); y++) {
                results.get(y).setLong(i, registers[body.results().get(y)]);
            }
        }
    }

    /// An element as `type` would hold it: fractions are cut off, and what a float has too much is clipped.
    private static long read(Array array, int position, Type type) {
        boolean narrow = type == Type.INT32;
        if (array.type().type().isFloating()) {
            return narrow ? (int) array.get(position) : (long) array.get(position);
        }
        return narrow ? (int) array.getLong(position) : array.getLong(position);
    }
}
