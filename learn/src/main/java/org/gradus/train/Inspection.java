package org.gradus.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.base.Array;

/// What a batch brings about inside of a model: what each layer gives, and the gradient of each parameter. It shows
/// gradients that vanish or explode, signals that do so at the start, and how what layers are given drifts while the ones
/// before them learn.
///
/// @param loss of the batch, with auxiliary ones
/// @param outputs of layers by path, in the order in which they end; the model's own has an empty path
/// @param gradients of all losses together, of the parameters that are trained, by path
public record Inspection(double loss, Map<String, Moments> outputs, Map<String, Array> gradients) {
    /// Of all numbers that a layer gives for a batch.
    ///
    /// @param deviation from the mean, the root of the mean square
    public record Moments(double mean, double deviation) {}

    /// Keeps the order of the maps.
    public Inspection {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }

    /// The mean absolute value of the gradient of each parameter: Figure 3 of *Deeply-Supervised Nets*, which the lectures
    /// show.
    public Map<String, Double> meanGradients() {
        Map<String, Double> means = new LinkedHashMap<>();
        gradients.forEach((path, gradient) -> {
            double sum = 0;
            for (int i = 0; i < gradient.count(); i++) {
                sum += Math.abs(gradient.get(i));
            }
            means.put(path, sum / Math.max(1, gradient.count()));
        });
        return means;
    }
}
