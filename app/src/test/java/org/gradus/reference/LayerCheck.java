package org.gradus.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Layer;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.plan.Computation;
import org.gradus.plan.Plan;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.gradus.run.StepFunction;

/// A layer: results, gradients of its inputs and parameters, and buffers after one or more passes, held against the
/// stored ones; eagerly and compiled in float64, and compiled in float32.
///
/// In float32 each op is off by at most 4 halves of an ulp of its result (see `Rounding`, in the engine's tests), which
/// later ops carry on with slopes around 1: the sum over the plan's ops, relative to the largest number, is the bound.
/// Where a layer's slopes are larger, `slope` says so.
///
/// @param model from the case to what is computed of its inputs by name
/// @param slope by how much the layer enlarges relative errors in a case
/// @param referenceErrors the absolute errors that stored float64 values have themselves, by role
record LayerCheck(Function<Case, Model> model, ToDoubleFunction<Case> slope, Map<String, Allowance> referenceErrors)
        implements Check {
    /// The absolute error that the stored element at a place of an array has itself.
    @FunctionalInterface
    interface Allowance {
        double at(int place, Array stored);
    }

    /// From the inputs by name to results.
    @FunctionalInterface
    interface Model extends BiFunction<Scope, Map<String, Tensor>, List<Tensor>> {}

    /// A layer of the tensor `x`.
    static LayerCheck layer(Function<Settings, Layer> build) {
        return several(settings -> {
            Layer layer = build.apply(settings);
            return (scope, in) -> List.of(layer.forward(scope, in.get("x")));
        });
    }

    /// A model of inputs by name.
    static LayerCheck several(Function<Settings, Model> build) {
        return new LayerCheck(given -> build.apply(new Settings(given)), _ -> 1, Map.of());
    }

    /// This, with errors enlarged by what a case says.
    LayerCheck slope(ToDoubleFunction<Case> factor) {
        return new LayerCheck(model, factor, referenceErrors);
    }

    /// This, where the stored values of `role` are off themselves.
    LayerCheck referenceError(String role, Allowance error) {
        Map<String, Allowance> errors = new HashMap<>(referenceErrors);
        errors.put(role, error);
        return new LayerCheck(model, slope, errors);
    }

    @Override
    public void run(Case given) {
        Run run = new Run(given);
        run.demandAll();
        Session eager = run.session(Type.FLOAT64);
        run.compare("eager", eager, inputs -> eager.eagerly(run.mode(), run, inputs));
        Session session = run.session(Type.FLOAT64);
        run.compare("compiled", session, session.step(given.id(), run.mode(), run)::run);
        run.compareFloat32();
    }

    /// One case on its way.
    private final class Run implements StepFunction {
        private final Case given;
        private final List<String> inputs;
        private final List<String> variables;
        private final List<String> states;
        private final List<String> parameters;
        private final List<String> results;
        private final List<String> floats;

        Run(Case given) {
            this.given = given;
            inputs = given.roles("(?!y\\d*$|dy\\d*$|[dpb]_|.*__f32$).*");
            variables = inputs.stream().filter(input -> given.has("d_" + input)).toList();
            states = given.roles("[pb]_((?!__).)*");
            parameters =
                    states.stream().filter(state -> given.has("d_" + state)).toList();
            results = given.roles("y\\d*");
            floats = results.stream().filter(result -> given.has("d" + result)).toList();
        }

        Scope.Mode mode() {
            return given.config().path("train").asBoolean(true) ? Scope.Mode.TRAIN : Scope.Mode.EVAL;
        }

        /// A session with the case's parameters and buffers.
        Session session(Type type) {
            Session session = new Session(0, type);
            states.forEach(state -> session.setState(state.substring(2), cast(given.array(state), type)));
            return session;
        }

        Array[] handed(Type type) {
            List<String> roles = new ArrayList<>(inputs);
            floats.forEach(result -> roles.add("d" + result));
            return roles.stream().map(role -> cast(given.array(role), type)).toArray(Array[]::new);
        }

        /// Results, gradients of inputs, gradients of parameters.
        @Override
        public List<Tensor> trace(Scope scope, List<Tensor> handed) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                named.put(inputs.get(i), handed.get(i));
            }
            List<Tensor> values = model.apply(given).apply(scope, named);
            Map<String, Tensor> declared = new HashMap<>();
            scope.parameters().forEach((key, tensor) -> declared.put("p_" + key.path(), tensor));
            List<Tensor> xs = new ArrayList<>(variables.stream().map(named::get).toList());
            xs.addAll(parameters.stream().map(declared::get).toList());
            List<Tensor> ys = IntStream.range(0, results.size())
                    .filter(i -> floats.contains(results.get(i)))
                    .mapToObj(values::get)
                    .toList();
            List<Tensor> all = new ArrayList<>(values);
            all.addAll(Reverse.pullback(ys, handed.subList(inputs.size(), handed.size()), xs));
            return all;
        }

        List<String> computed() {
            List<String> roles = new ArrayList<>(results);
            variables.forEach(variable -> roles.add("d_" + variable));
            parameters.forEach(parameter -> roles.add("d_" + parameter));
            return roles;
        }

        /// Demands that whatever the case has stored is compared.
        void demandAll() {
            List<String> compared = new ArrayList<>(computed());
            IntStream.rangeClosed(1, passes()).forEach(count -> compared.addAll(after(count)));
            List<String> left = new ArrayList<>(given.roles("(y\\d*|d_.*|.*__after\\d*)(?<!__f32)"));
            left.removeAll(compared);
            if (!left.isEmpty()) {
                throw new AssertionError("Nothing was compared with the stored " + left + ".");
            }
        }

        void compare(String how, Session session, Function<Array[], List<Array>> pass) {
            for (int count = 1; count <= passes(); count++) {
                List<Array> found = pass.apply(handed(Type.FLOAT64));
                for (int i = 0; count == 1 && i < found.size(); i++) {
                    compare(how, computed().get(i), found.get(i));
                }
                for (String role : after(count)) {
                    compare(how, role, session.state(role.substring(2, role.indexOf("__"))));
                }
            }
        }

        private void compare(String how, String role, Array found) {
            Allowance error = referenceErrors.getOrDefault(role, (place, stored) -> 0);
            Array stored = given.array(role);
            Comparison.equal(how + " " + role, stored, found, place -> error.at(place, stored));
        }

        private int passes() {
            return after(3).isEmpty() ? after(2).isEmpty() ? 1 : 2 : 3;
        }

        /// The buffers after so many passes; without a number, after one.
        private List<String> after(int count) {
            return given.roles("b_.*__after" + (count == 1 ? "1?" : count));
        }

        void compareFloat32() {
            Array[] handed = handed(Type.FLOAT32);
            Session compiled = session(Type.FLOAT32);
            Step step = compiled.step(given.id(), mode(), this);
            List<Array> found = step.run(handed);
            Plan plan = step.plan(List.of(handed).stream().map(Array::type).toList());
            double bound = 4 * 0x1p-24 * operations(plan) * slope.applyAsDouble(given);
            compareFloat32("compiled", compiled, found, bound);
            Session eager = session(Type.FLOAT32);
            compareFloat32("eager", eager, eager.eagerly(mode(), this, handed), bound);
        }

        private void compareFloat32(String how, Session session, List<Array> results, double bound) {
            List<Array> found = new ArrayList<>(results);
            List<String> roles = computed();
            for (String role : after(1)) {
                roles.add(role);
                found.add(session.state(role.substring(2, role.indexOf("__"))));
            }
            for (int i = 0; i < found.size(); i++) {
                Array expected = given.array(roles.get(i));
                double largest = Math.max(1, largest(expected));
                Array close = found.get(i);
                Comparison.equal(
                        how + " float32 " + roles.get(i), expected, cast(close, Type.FLOAT64), _ -> bound * largest);
            }
        }

        private static long operations(Plan plan) {
            return plan.entries().stream()
                    .mapToLong(entry -> entry.work() instanceof Computation.Loop loop
                            ? Math.max(1, loop.body().code().size())
                            : 1)
                    .sum();
        }

        private static double largest(Array array) {
            return IntStream.range(0, array.count())
                    .mapToDouble(i -> Math.abs(array.get(i)))
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
        }

        private static Array cast(Array array, Type type) {
            return array.type().type().isFloating() ? array.to(type) : array;
        }
    }
}
