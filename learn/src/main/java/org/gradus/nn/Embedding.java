package org.gradus.nn;

import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.ops.Constants;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Views;

/// A table with a row for each word: `[…]` of row numbers, `int32` or `int64`, to `[…, size]`.
///
/// The parameter `weight` `[count, size]` starts normal with deviation 1, the padding's row as 0. A row number outside of
/// the table is an error when it is computed.
///
/// @param count how many rows there are
/// @param size how long each is
/// @param padding the row that is read, but not trained; -1 for none
/// @param byFrequency whether a row's gradient is divided by how often it was read (PyTorch's `scale_grad_by_freq`)
public record Embedding(int count, int size, int padding, boolean byFrequency) implements Layer {
    /// @throws org.gradus.base.GradusException when the table would be empty, or has no such row as the padding
    public Embedding {
        Use.demand(count >= 1 && size >= 1, "An Embedding layer", "at least 1 row and 1 column", count + " x " + size);
        Use.demand(padding >= -1 && padding < count, "An Embedding layer", "padding that is a row, or -1", padding);
    }

    /// With all rows trained alike.
    public static Embedding of(int count, int size) {
        return new Embedding(count, size, -1, false);
    }

    /// @throws org.gradus.base.GradusException when the input has no whole numbers
    @Override
    public Tensor forward(Scope scope, Tensor ids) {
        Use use = new Use("Embedding", scope, ids);
        if (!ids.type().type().isInteger()) {
            throw use.refused("needs row numbers, int32 or int64", "Cast it with `x.to(Type.INT64)`.");
        }
        Tensor rows = Indexing.take(table(scope), ids);
        if (byFrequency) {
            Tensor part = rows.times(share(ids, rows.type().type()));
            rows = Elementwise.stopGradient(rows).plus(part.minus(Elementwise.stopGradient(part)));
        }
        return padding < 0
                ? rows
                : Logic.where(Views.unsqueeze(Logic.equal(ids, padding), -1), Elementwise.stopGradient(rows), rows);
    }

    /// The table itself.
    Tensor table(Scope scope) {
        Initial normal = Initialisers.normal(0, 1);
        Initial initial = (type, random) -> {
            Array values = normal.values(type, random);
            for (int i = 0; padding >= 0 && i < size; i++) {
                values.set(padding * size + i, 0);
            }
            return values;
        };
        return scope.parameter("weight", Role.EMBEDDING, initial, count, size);
    }

    /// 1 by how often each row is read, `[…, 1]`.
    private Tensor share(Tensor ids, Type type) {
        Tensor flat = Views.flatten(ids);
        Tensor ones =
                Constants.ones(ids.tracer(), flat.type().with(flat.shape()).with(type));
        Tensor none = Constants.zeros(ids.tracer(), ones.type().with(Shape.of(count)));
        Tensor reads = Indexing.gather(Indexing.scatterAdd(none, 0, flat, ones), 0, flat);
        return Views.unsqueeze(Elementwise.reciprocal(reads).reshape(ids.shape()), -1);
    }
}
