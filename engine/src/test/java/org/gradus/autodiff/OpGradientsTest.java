package org.gradus.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.expr.Body.Instruction;
import org.gradus.expr.Code;
import org.gradus.graph.Assign;
import org.gradus.graph.Library;
import org.gradus.graph.MapOp;
import org.gradus.graph.Node;
import org.gradus.graph.Op;
import org.gradus.graph.Source;
import org.gradus.graph.Tensor;
import org.gradus.graph.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op: finite differences in both modes, the identity of the two modes, second derivatives of the smooth ones.
class OpGradientsTest {
    private static final long SEED = Long.getLong("gradus.seed", 20_25);

    /// Central differences with h = 6e-6 are off by h²/6 · f''' (6e-12 f''') and ε |f| / h (4e-11 |f|); third
    /// derivatives and values in the table stay below 1e3 of the largest first derivative.
    private static final double DIFFERENCE = 1e-7;

    static Stream<OpCase> all() {
        return OpCases.all();
    }

    static Stream<OpCase> smooth() {
        return OpCases.all().filter(OpCase::smooth);
    }

    @ParameterizedTest
    @MethodSource("all")
    void bothModesAgreeWithCentralDifferences(OpCase op) {
        GradientCheck check = GradientCheck.of(op.f(), op.point(SEED));
        assertThat(check.error()).as("%s, seed %d: %s", op, SEED, check).isLessThan(DIFFERENCE);
    }

    /// ⟨v, J u⟩ = ⟨Jᵀ v, u⟩, to 1e-12 of the sum of the products' sizes.
    @ParameterizedTest
    @MethodSource("all")
    void forwardAndReverseAreTransposed(OpCase op) {
        List<Tensor> point = op.point(SEED);
        List<Tensor> tangents =
                point.stream().map(x -> noise(x, "u" + point.indexOf(x))).toList();
        Tensor like = op.f().apply(point);
        Tensor cotangent = noise(like, "v");
        List<Tensor> all = new ArrayList<>(point);
        all.addAll(tangents);
        all.add(cotangent);
        int n = point.size();
        List<Tensor> results = Derivatives.recorded(all, xs -> {
            List<Tensor> x = xs.subList(0, n);
            List<Tensor> y = List.of(op.f().apply(x));
            List<Tensor> found = new ArrayList<>(Reverse.pullback(y, xs.subList(2 * n, 2 * n + 1), x));
            found.addAll(Forward.pushforward(y, x, xs.subList(n, 2 * n)));
            return found;
        });
        double[] sums = new double[3];
        for (int i = 0; i < n; i++) {
            add(sums, 0, results.get(i), tangents.get(i));
        }
        add(sums, 1, results.get(n), cotangent);
        assertThat(Math.abs(sums[0] - sums[1]))
                .as("%s, seed %d: ⟨Jᵀv, u⟩ = %.17g, ⟨v, Ju⟩ = %.17g", op, SEED, sums[0], sums[1])
                .isLessThanOrEqualTo(1e-12 * sums[2]);
    }

    @ParameterizedTest
    @MethodSource("smooth")
    void secondDerivativesAgreeWithCentralDifferences(OpCase op) {
        List<Tensor> point = op.point(SEED);
        Tensor weight = noise(op.f().apply(point), "w");
        for (int argument = 0; argument < point.size(); argument++) {
            int at = argument;
            Function<List<Tensor>, Tensor> slope = xs -> {
                List<Tensor> gradients = Derivatives.valueAndGrad(
                                x -> op.f().apply(x).times(weight).sum(), xs)
                        .gradients();
                return gradients.get(at);
            };
            GradientCheck check = GradientCheck.of(slope, point);
            assertThat(check.error())
                    .as("%s, derivative of the gradient by argument %d, seed %d: %s", op, at, SEED, check)
                    .isLessThan(10 * DIFFERENCE);
        }
    }

    /// Whatever can be differentiated stands in the table: each family's ops and each code.
    @Test
    void theTableIsComplete() {
        Set<Class<?>> ops = new HashSet<>();
        Set<Code> codes = new HashSet<>();
        OpCases.all().forEach(op -> {
            Tracer tracer = new Eager().recorder();
            List<Tensor> inputs =
                    op.point(SEED).stream().map(x -> tracer.constant(x.array())).toList();
            Reach.between(inputs, List.of(op.f().apply(inputs))).nodes().stream()
                    .map(Node::op)
                    .forEach(used -> {
                        ops.add(used.getClass());
                        if (used instanceof MapOp map) {
                            map.formula().body().code().stream()
                                    .map(Instruction::code)
                                    .forEach(codes::add);
                        }
                    });
        });
        assertThat(members(Op.class)
                        .filter(op -> !Source.class.isAssignableFrom(op) && op != Assign.class)
                        .filter(op -> !ops.contains(op)))
                .as("op families' members that no row uses")
                .isEmpty();
        Set<Code> missing = Stream.of(Code.values())
                .filter(code -> !codes.contains(code) && !code.isLogic())
                .collect(Collectors.toSet());
        assertThat(missing).as("codes that no row uses").isEmpty();
        assertThat(ops).contains(Library.Solve.class);
    }

    private static Stream<Class<?>> members(Class<?> family) {
        return family.isSealed()
                ? Stream.of(family.getPermittedSubclasses()).flatMap(OpGradientsTest::members)
                : Stream.of(family);
    }

    private static void add(double[] sums, int to, Tensor a, Tensor b) {
        Array left = a.array();
        for (int i = 0; i < left.count(); i++) {
            double product = left.get(i) * b.array().get(i);
            sums[to] += product;
            sums[2] += Math.abs(product);
        }
    }

    private static Tensor noise(Tensor like, String name) {
        Philox random = Philox.of(SEED, Philox.stream(name, 0), 0);
        Array values = Array.zeros(like.type());
        for (int i = 0; i < values.count(); i++) {
            values.set(i, random.normal(Type.FLOAT64, i));
        }
        return Eager.tensor(values);
    }
}
