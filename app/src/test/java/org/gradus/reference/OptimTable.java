package org.gradus.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey;
import org.gradus.graph.Tensor;
import org.gradus.ops.Views;
import org.gradus.optim.Adadelta;
import org.gradus.optim.Adagrad;
import org.gradus.optim.Adam;
import org.gradus.optim.Adamax;
import org.gradus.optim.Ascend;
import org.gradus.optim.Asgd;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.NAdam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.Progress;
import org.gradus.optim.RAdam;
import org.gradus.optim.RmsProp;
import org.gradus.optim.Rprop;
import org.gradus.optim.Rule;
import org.gradus.optim.Schedule;
import org.gradus.optim.Sgd;
import org.gradus.optim.Update;
import org.gradus.run.Session;
import org.gradus.run.Step;
import tools.jackson.databind.JsonNode;

/// Cases of kind `optim`: 25 steps down a convex quadratic of `w` and Rosenbrock's function of `x` together. Compared are
/// all positions, losses and gradients, and what the optimizer remembers at the end.
final class OptimTable {
    static final Map<String, Check> TABLE = Map.ofEntries(
            rule("SGD", OptimTable::sgd),
            rule(
                    "Adagrad",
                    c -> new Adagrad(c.of("lr_decay", 0), c.of("initial_accumulator_value", 0), c.of("eps", 1e-10))),
            rule(
                    "RMSprop",
                    c -> new RmsProp(c.of("alpha", 0.99), c.of("eps", 1e-8), c.is("centered"), c.of("momentum", 0))),
            rule("Adam", OptimTable::adam),
            Map.entry("AdamW", given -> {
                Config c = new Config(given.config());
                check(
                        given,
                        adam(c).then(DecayWeights.decoupled(c.of("weight_decay", 0.01))
                                .everywhere()));
            }),
            rule("Adamax", c -> Adamax.of()),
            rule("NAdam", c -> new OldNAdam(c.of("momentum_decay", 4e-3))),
            rule("RAdam", c -> RAdam.of()),
            rule(
                    "Rprop",
                    c -> new Rprop(
                            c.of("etas", 0, 0.5),
                            c.of("etas", 1, 1.2),
                            c.of("step_sizes", 0, 1e-6),
                            c.of("step_sizes", 1, 50),
                            false)),
            rule("Adadelta", c -> new Adadelta(c.of("rho", 0.9), c.of("eps", 1e-6))),
            Map.entry("LBFGS", LbfgsCheck::run),
            rule("ASGD", c -> new Asgd(c.of("lambd", 1e-4), c.of("alpha", 0.75), c.of("t0", 1e6))));

    private static final List<String> PARAMETERS = List.of("w", "x");

    /// States by PyTorch's names that are called otherwise.
    private static final Map<String, String> STATES = Map.of("momentum_buffer", "momentum");

    /// States of PyTorch's that follow from the number of steps, and are none here.
    private static final List<String> COUNTED = List.of("step", "mu_product", "eta", "mu");

    /// Numbers by name, or what PyTorch takes without them.
    record Config(JsonNode node) {
        double of(String name, double otherwise) {
            return node.has(name) ? node.get(name).asDouble() : otherwise;
        }

        double of(String name, int index, double otherwise) {
            return node.has(name) ? node.get(name).get(index).asDouble() : otherwise;
        }

        boolean is(String name) {
            return node.has(name) && node.get(name).asBoolean();
        }
    }

    /// [NAdam] with a number as PyTorch 1.13 had it, which made the cases: the product under m has the momentum of its
    /// step twice. Later versions and the paper have it once.
    record OldNAdam(double momentumDecay) implements Rule {
        private NAdam rule() {
            return new NAdam(0.9, 0.999, 1e-8, momentumDecay);
        }

        @Override
        public List<Tensor> apply(Update update, List<Tensor> directions) {
            return rule().apply(update, directions);
        }

        @Override
        public List<Schedule> numbers() {
            List<Schedule> numbers = new ArrayList<>(rule().numbers());
            numbers.set(1, progress -> {
                double product = momentum(progress.step() + 1);
                for (long t = 1; t <= progress.step() + 2; t++) {
                    product *= momentum(t);
                }
                return momentum(progress.step() + 2) / (1 - product);
            });
            return numbers;
        }

        private double momentum(long t) {
            return 0.9 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay));
        }
    }

    private OptimTable() {}

    private static Rule sgd(Config c) {
        Rule rule = new Sgd(c.of("momentum", 0), c.of("dampening", 0), c.is("nesterov"), 0);
        return c.is("maximize") ? new Ascend().then(rule) : rule;
    }

    private static Rule adam(Config c) {
        return new Adam(c.of("betas", 0, 0.9), c.of("betas", 1, 0.999), c.of("eps", 1e-8), c.is("amsgrad"));
    }

    /// A rule whose weight decay is a penalty.
    private static Map.Entry<String, Check> rule(String op, Function<Config, Rule> rule) {
        return Map.entry(op, given -> {
            Config c = new Config(given.config());
            double decay = c.of("weight_decay", 0);
            check(given, decay == 0 ? rule.apply(c) : new DecayWeights(decay).then(rule.apply(c)));
        });
    }

    private static void check(Case given, Rule rule) {
        run(given, rule, Type.FLOAT64, false);
        run(given, rule, Type.FLOAT64, true);
        run(given, rule, Type.FLOAT32, false);
        run(given, rule, Type.FLOAT32, true);
    }

    private static void run(Case given, Rule rule, Type type, boolean compiled) {
        String how = (compiled ? "compiled " : "eager ") + type + " ";
        Optimizer optimizer = Optimizer.of(given.config().get("lr").asDouble(), rule);
        Session session = new Session(0, type);
        for (String name : PARAMETERS) {
            session.setState(name, given.array(name + "0").to(type));
        }
        Array a = given.array("A").to(type);
        Array b = given.array("b").to(type);
        Step step = session.step(given.id(), Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in));
        List<Array> positions = new ArrayList<>(List.of(position(session, "")));
        List<Array> losses = new ArrayList<>();
        List<Array> gradients = new ArrayList<>();
        for (int t = 0; t < given.array("loss").count(); t++) {
            Array[] inputs = Stream.concat(
                            Stream.of(a, b), optimizer.inputs(new Progress(t, 0, 1, 0, 1), type).stream())
                    .toArray(Array[]::new);
            List<Array> results = compiled
                    ? step.run(inputs)
                    : session.eagerly(Scope.Mode.TRAIN, (scope, in) -> step(optimizer, scope, in), inputs);
            losses.add(results.get(0));
            gradients.add(results.get(1));
            positions.add(position(session, ""));
        }
        compare(given, how, "trajectory", positions);
        compare(given, how, "loss", losses);
        compare(given, how, "grads", gradients);
        for (String role : given.roles("state_.*")) {
            String state = role.substring("state_".length());
            if (!COUNTED.contains(state) && type == Type.FLOAT64) { // there are no states in float32 to judge by
                compare(
                        given,
                        how,
                        role,
                        List.of(position(session, "optimizer." + STATES.getOrDefault(state, state) + ".")));
            }
        }
    }

    /// The loss and its gradient.
    private static List<Tensor> step(Optimizer optimizer, Scope scope, List<Tensor> in) {
        Tensor w = scope.parameter("w", StateKey.Role.WEIGHT, Initial.constant(0), 4);
        Tensor x = scope.parameter("x", StateKey.Role.WEIGHT, Initial.constant(0), 2);
        Tensor loss = quadratic(w, in.get(0), in.get(1)).plus(rosenbrock(x));
        List<Tensor> gradients = Reverse.gradients(loss, List.of(w, x));
        optimizer.update(scope, scope.parameters(), gradients, in.subList(2, in.size()));
        return List.of(loss, Views.concat(0, gradients));
    }

    static Tensor quadratic(Tensor w, Tensor a, Tensor b) {
        Tensor aw = a.matmul(w.reshape(4, 1)).reshape(4);
        return w.times(aw).sum().times(0.5).minus(b.times(w).sum());
    }

    static Tensor rosenbrock(Tensor x) {
        Tensor x0 = Views.select(x, 0, 0);
        Tensor x1 = Views.select(x, 0, 1);
        return x1.minus(x0.squared())
                .squared()
                .times(100)
                .plus(x0.negated().plus(1).squared());
    }

    /// The states with this prefix, one after the other.
    private static Array position(Session session, String prefix) {
        double[] values = PARAMETERS.stream()
                .flatMapToDouble(
                        name -> Arrays.stream(session.state(prefix + name).toDoubles()))
                .toArray();
        return Array.of(Shape.of(values.length), values).to(session.type());
    }

    private static void compare(Case given, String how, String role, List<Array> rows) {
        double[] found = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.toDoubles()))
                .toArray();
        Array expected = given.array(role);
        Array joined = Array.of(expected.shape(), found);
        if (rows.get(0).type().type() == Type.FLOAT64) {
            Comparison.equal(how + role, expected, joined);
        } else {
            Float32.equal(how + role, expected, given.array(role + "__f32"), joined);
        }
    }
}
