package org.gradus.nn;

import java.util.List;
import java.util.function.Supplier;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;

/// One use of a layer: it declares state and refuses inputs with messages that name the layer and the input.
///
/// @param layer what messages call it, such as `Conv2d`
record Use(String layer, Scope scope, Tensor x) {
    /// An error about the input, which `needs` something.
    ///
    /// @param needs such as "needs [batch, features]"
    /// @param advice one more sentence
    GradusException refused(String needs, String advice) {
        return new GradusException(
                "layer-input", named() + "the input " + needs + ", but is " + x.described() + ". " + advice);
    }

    /// Demands that the input has from `least` to `most` axes.
    void rank(int least, int most, String axes) {
        if (x.shape().rank() < least || x.shape().rank() > most) {
            throw refused("needs the axes " + axes, "A single example is a batch of size 1.");
        }
    }

    /// Demands states of these shapes; the last shape stands for those that follow too.
    void states(List<Tensor> states, int count, List<Shape> shapes) {
        if (states.size() != count) {
            throw refused("needs " + count + " states with it, and was given " + states.size(), "An LSTM has h and c.");
        }
        for (int i = 0; i < count; i++) {
            Shape wanted = shapes.get(Math.min(i, shapes.size() - 1));
            if (!states.get(i).shape().equals(wanted)) {
                throw refused(
                        "needs a state " + wanted + " with it, and was given "
                                + states.get(i).described(),
                        "Is it the state of another batch?");
            }
        }
    }

    /// A parameter whose size follows from the input.
    ///
    /// @param fact about the input, such as "9 features"
    Tensor parameter(String fact, String name, Role role, Initial initial, int... sizes) {
        return declared(fact, name, Shape.of(sizes), () -> scope.parameter(name, role, initial, sizes));
    }

    /// A buffer whose size follows from the input; see [#parameter].
    Tensor buffer(String fact, String name, TensorType type, double start) {
        return declared(fact, name, type.shape(), () -> scope.buffer(name, type, Initial.constant(start)));
    }

    private Tensor declared(String fact, String name, Shape shape, Supplier<Tensor> declare) {
        try {
            return declare.get();
        } catch (GradusException e) {
            throw e.framed(
                    named() + "the input has " + fact + ", so that `" + name + "` would be " + shape + ". ",
                    " Input: " + x.described() + ". Did the size of the input change?");
        }
    }

    private String named() {
        return (scope.path().isEmpty() ? "The model" : "`" + scope.path() + "`") + " (" + layer + "): ";
    }

    /// Demands a hyper-parameter.
    static void demand(boolean holds, String layer, String needs, Object given) {
        if (!holds) {
            throw new GradusException("layer-size", layer + " needs " + needs + ", but was given " + given + ".");
        }
    }
}
