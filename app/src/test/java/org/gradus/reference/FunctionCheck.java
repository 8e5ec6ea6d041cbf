package org.gradus.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.autodiff.Forward;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.gradus.run.Session;

/// A function of tensors: its values and gradients are held against the stored ones, eagerly and compiled. Forward mode
/// must agree with reverse mode.
///
/// @param function from the tensors in the case's other roles, by name, to its results
/// @param compiles whether it can be traced
/// @param eachRow whether the result at place i of the first axis depends on the input there alone, so that each place
///     can be looked at on its own; the others may have NaN
/// @param referenceErrors the absolute errors that stored values have themselves, by role; a function of the first
///     variable's element at the same place
/// @param onTheWay the largest number that is met on the way to the results, for [Singles]; a function of the same element,
///     infinite where `float32` rightly gives something else
record FunctionCheck(
        Function<Map<String, Tensor>, List<Tensor>> function,
        boolean compiles,
        boolean eachRow,
        Map<String, DoubleUnaryOperator> referenceErrors,
        DoubleUnaryOperator onTheWay)
        implements Check {
    /// A function of the tensor `name`.
    static FunctionCheck function(String name, UnaryOperator<Tensor> function) {
        return function(in -> function.apply(in.get(name)));
    }

    /// A function of the tensors `a` and `b`.
    static FunctionCheck function(BinaryOperator<Tensor> function) {
        return function(in -> function.apply(in.get("a"), in.get("b")));
    }

    /// A function of the tensors by name with one result.
    static FunctionCheck function(Function<Map<String, Tensor>, Tensor> function) {
        return several(in -> List.of(function.apply(in)));
    }

    /// A function of the tensors by name with several results.
    static FunctionCheck several(Function<Map<String, Tensor>, List<Tensor>> function) {
        return new FunctionCheck(function, true, false, Map.of(), _ -> 1);
    }

    /// This, run eagerly alone.
    FunctionCheck eagerOnly() {
        return new FunctionCheck(function, false, eachRow, referenceErrors, onTheWay);
    }

    /// This, with places of the first axis that do not touch each other.
    FunctionCheck rowByRow() {
        return new FunctionCheck(function, compiles, true, referenceErrors, onTheWay);
    }

    /// This, where the stored values of `role` are off by up to `error`, a function of the input at the same place.
    FunctionCheck referenceError(String role, DoubleUnaryOperator error) {
        Map<String, DoubleUnaryOperator> errors = new HashMap<>(referenceErrors);
        errors.put(role, error);
        return new FunctionCheck(function, compiles, eachRow, errors, onTheWay);
    }

    /// This, where so large a number is met on the way; infinite where `float32` rightly gives something else.
    FunctionCheck onTheWay(DoubleUnaryOperator size) {
        return new FunctionCheck(function, compiles, eachRow, referenceErrors, size);
    }

    @Override
    public void run(Case given) {
        Run run = new Run(given);
        List<Array> arrays = run.handed().map(run::array).toList();
        Tracer recorder = new Eager().recorder();
        List<Array> eager = run.compute(arrays.stream().map(recorder::constant).toList()).stream()
                .map(Tensor::array)
                .toList();
        recorder.close();
        run.compare("eager", eager);
        if (compiles) {
            run.compare(
                    "compiled",
                    new Session(0, Type.FLOAT64)
                            .step(given.id(), Scope.Mode.EVAL, (_, handed) -> run.compute(handed))
                            .run(arrays.toArray(Array[]::new)));
            Singles.check(given.id(), run::compute, arrays, eachRow ? onTheWay : null);
        }
    }

    /// One case on its way: names of its inputs, of those that have gradients (variables), and of its results.
    private final class Run {
        private final Case given;
        private final List<String> inputs;
        private final List<String> variables;
        private final List<String> results;
        private final List<String> floats;

        Run(Case given) {
            this.given = given;
            inputs = given.roles("(?!y\\d*$|dy\\d*$|d_|.*__f32$).*");
            variables = inputs.stream().filter(input -> given.has("d_" + input)).toList();
            results = given.roles("y\\d*");
            floats = results.stream().filter(result -> given.has("d" + result)).toList();
        }

        /// What is handed in: the inputs, the cotangents of float results, a tangent for each variable.
        Stream<String> handed() {
            return Stream.of(
                            inputs.stream(),
                            floats.stream().map(result -> "d" + result),
                            variables.stream().map(variable -> "tangent " + variable))
                    .flatMap(names -> names);
        }

        Array array(String name) {
            if (!name.startsWith("tangent ")) {
                return given.array(name);
            }
            Random random = new Random((given.id() + name).hashCode());
            Array tangent =
                    Array.zeros(given.array(name.substring("tangent ".length())).type());
            for (int i = 0; i < tangent.count(); i++) {
                tangent.set(i, random.nextGaussian());
            }
            return tangent;
        }

        /// Values, gradients, and tangents of float results.
        List<Tensor> compute(List<Tensor> handed) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                named.put(inputs.get(i), handed.get(i));
            }
            List<Tensor> values = function.apply(named);
            List<Tensor> xs = variables.stream().map(named::get).toList();
            List<Tensor> ys = IntStream.range(0, results.size())
                    .filter(i -> floats.contains(results.get(i)))
                    .mapToObj(values::get)
                    .toList();
            int tangents = inputs.size() + floats.size();
            List<Tensor> all = new ArrayList<>(values);
            all.addAll(Reverse.pullback(ys, handed.subList(inputs.size(), tangents), xs));
            all.addAll(Forward.pushforward(ys, xs, handed.subList(tangents, handed.size())));
            return all;
        }

        void compare(String how, List<Array> computed) {
            for (int i = 0; i < results.size(); i++) {
                compare(how, results.get(i), computed.get(i));
            }
            List<Array> gradients = computed.subList(results.size(), results.size() + variables.size());
            for (int i = 0; i < variables.size(); i++) {
                compare(how, "d_" + variables.get(i), gradients.get(i));
            }
            List<Array> moved = computed.subList(results.size() + variables.size(), computed.size());
            int places = eachRow ? given.array(floats.get(0)).shape().size(0) : 1;
            for (int place = 0; place < places; place++) {
                compareModes(how, gradients, moved, place, places);
            }
        }

        private void compare(String how, String role, Array computed) {
            DoubleUnaryOperator error = referenceErrors.get(role);
            Array x = given.array(variables.get(0));
            Comparison.equal(
                    how + " " + role,
                    given.array(role),
                    computed,
                    error == null ? _ -> 0 : i -> error.applyAsDouble(x.get(i)));
        }

        /// ⟨dy, J u⟩ = ⟨Jᵀ dy, u⟩, to 1e-9 of the sum of the absolute values of all terms.
        private void compareModes(String how, List<Array> gradients, List<Array> moved, int place, int places) {
            Sum forward = new Sum();
            Sum reverse = new Sum();
            for (int i = 0; i < floats.size(); i++) {
                forward.add(given.array("d" + floats.get(i)), moved.get(i), place, places);
            }
            for (int i = 0; i < variables.size(); i++) {
                reverse.add(gradients.get(i), array("tangent " + variables.get(i)), place, places);
            }
            boolean equal = Comparison.error(forward.value, reverse.value) == 0
                    || Math.abs(forward.value - reverse.value) <= Comparison.RELATIVE * (forward.size + reverse.size);
            if (!equal) {
                throw new AssertionError(
                        how + " forward mode at place " + place + ": the product of cotangent and moved" + " result is "
                                + forward.value + ", of gradient and tangent " + reverse.value + ".");
            }
        }
    }

    /// A sum of products, and the sum of their absolute values.
    private static final class Sum {
        double value;
        double size;

        void add(Array a, Array b, int place, int places) {
            int each = a.count() / places;
            for (int i = place * each; i < (place + 1) * each; i++) {
                value += a.get(i) * b.get(i);
                size += Math.abs(a.get(i) * b.get(i));
            }
        }
    }
}
