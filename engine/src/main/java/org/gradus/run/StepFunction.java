package org.gradus.run;

import java.util.List;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;

/// What one step computes: results from inputs and the state behind the scope. It is run once for each signature of
/// inputs, to trace it; what it captures is frozen then.
@FunctionalInterface
public interface StepFunction {
    /// The results for these inputs.
    List<Tensor> trace(Scope scope, List<Tensor> inputs);
}
