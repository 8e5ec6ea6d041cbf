package org.gradus.nn;

import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.ops.Activations;

/// An elementwise function between layers, without parameters; the shape stays.
public enum Activation implements Layer {
    /// max(x, 0), with derivative 0 at 0.
    RELU,
    /// The hyperbolic tangent.
    TANH,
    /// The logistic function 1 / (1 + e^-x).
    SIGMOID;

    @Override
    public Tensor forward(Scope scope, Tensor x) {
        return switch (this) {
            case RELU -> Activations.relu(x);
            case TANH -> x.tanh();
            case SIGMOID -> x.sigmoid();
        };
    }
}
