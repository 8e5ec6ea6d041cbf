package org.gradus.graph;

import java.util.List;
import org.gradus.base.GradusException;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.expr.Formula;

/// An elementwise op: a formula applied at every position of inputs of one shape. Its numbers are all of `type`
/// (inputs of another number type are converted as they are read, which only a cast does); truth values are `bool`.
///
/// Broadcasting is no part of it: inputs are broadcast by a [View] first.
public record MapOp(Formula formula, Type type) implements Op {
    @Override
    public String name() {
        return formula.name();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Check.count(this, inputs, formula.body().arity());
        for (TensorType input : inputs) {
            if (!input.shape().equals(inputs.get(0).shape())) {
                throw new GradusException(
                        "map-shapes",
                        name() + ": an elementwise op takes inputs of one shape, but these are " + inputs
                                + ". `Tensor.map` broadcasts them.");
            }
        }
        Code floating = type.isInteger() ? formula.body().firstWithoutIntegers() : null;
        if (floating != null) {
            throw new GradusException(
                    "floating-needed",
                    name() + ": works on float32 and float64, but the input is " + type
                            + ". Cast it with `x.to(Type.FLOAT32)`.");
        }
        if (type.isInteger()) {
            demandWhole();
        }
        boolean[] truths = truths(inputs);
        return formula.body().results().stream()
                .map(result -> inputs.get(0).with(truths[result] ? Type.BOOL : type))
                .toList();
    }

    /// A literal that the type does not have, such as a half, would change without a word.
    private void demandWhole() {
        for (Body.Instruction step : formula.body().code()) {
            double value = step.value();
            if (step.code() == Code.CONSTANT && value != (type == Type.INT32 ? (int) value : (long) value)) {
                throw new GradusException(
                        "whole-needed",
                        name() + ": the input is " + type + ", but the number " + value
                                + " is not, and Gradus never rounds silently. Cast the tensor, such as"
                                + " `x.to(Type.FLOAT32)`.");
            }
        }
    }

    /// Which registers of the body hold truth values.
    public boolean[] truths(List<TensorType> inputs) {
        boolean[] arguments = new boolean[inputs.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = inputs.get(i).type() == Type.BOOL;
        }
        return formula.body().truths(name(), arguments);
    }
}
