package org.gradus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.kernel.MapKernel.Access;
import org.gradus.kernel.MapKernel.Input;

/// A loop's body with its numbers as data: further arguments behind the others, which lie in one array. So loops that
/// differ in a number alone, such as the size of the batch that a mean divides by, share a kernel.
///
/// @param array holds them in order
record Literals(Body body, int count, Type type, Object array) {
    static Literals of(Body body, Type type) {
        List<Double> values = new ArrayList<>();
        Body lifted = type.isFloating() ? body.lifted(type, values) : body;
        Array array = Array.zeros(TensorType.of(type, values.size()));
        for (int i = 0; i < values.size(); i++) {
            array.set(i, values.get(i));
        }
        return new Literals(lifted, values.size(), type, array.storage());
    }

    /// The inputs of a kernel, with those for the numbers behind them.
    List<Input> inputs(List<Input> inputs) {
        Stream<Input> more =
                Stream.generate(() -> new Input(type, Access.SCALAR)).limit(count);
        return Stream.concat(inputs.stream(), more).toList();
    }
}
