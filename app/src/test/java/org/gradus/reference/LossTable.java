package org.gradus.reference;

import static org.gradus.reference.FunctionCheck.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gradus.autodiff.Reverse;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Tensor;
import org.gradus.nn.BceLoss;
import org.gradus.nn.BceWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Ctc;
import org.gradus.nn.HingeEmbeddingLoss;
import org.gradus.nn.HuberLoss;
import org.gradus.nn.KlDivLoss;
import org.gradus.nn.L1Loss;
import org.gradus.nn.Loss;
import org.gradus.nn.MseLoss;
import org.gradus.nn.MultiLabelMarginLoss;
import org.gradus.nn.MultiLabelSoftMarginLoss;
import org.gradus.nn.MultiMarginLoss;
import org.gradus.nn.NllLoss;
import org.gradus.nn.PairedLosses;
import org.gradus.nn.PointwiseLoss;
import org.gradus.nn.PoissonNllLoss;
import org.gradus.nn.SmoothL1Loss;
import org.gradus.nn.SoftMarginLoss;
import org.gradus.ops.LogSoftmax;
import org.gradus.run.Session;
import org.gradus.run.StepFunction;
import tools.jackson.databind.JsonNode;

/// Cases of kind `loss`, of outputs `x` and labels `target`.
final class LossTable {
    static final Map<String, Check> TABLE = new HashMap<>();

    /// PyTorch subtracts a label of 1 from a probability near 1, and takes the logarithm of a sum near 1, where we do
    /// neither: half an ulp of 1, for each of two operations, times a cotangent below 3.
    private static final double NEAR_ONE = 3 * 0x1p-52;

    static {
        put("MSELoss", given -> new MseLoss());
        put("L1Loss", given -> new L1Loss());
        put("SmoothL1Loss", given -> new SmoothL1Loss(number(given, "beta", 1)));
        put("HuberLoss", given -> new HuberLoss(number(given, "delta", 1)));
        put(
                "CrossEntropyLoss",
                given -> new CrossEntropyLoss(numbers(given, "weight"), -100, number(given, "label_smoothing", 0)));
        put("NLLLoss", given -> new NllLoss(numbers(given, "weight"), -100));
        put("BCELoss", given -> new BceLoss());
        put("KLDivLoss", given -> new KlDivLoss(given.config().has("log_target")));
        put("HingeEmbeddingLoss", given -> new HingeEmbeddingLoss(number(given, "margin", 1)));
        put("SoftMarginLoss", given -> new SoftMarginLoss());
        put(
                "MultiMarginLoss",
                given -> new MultiMarginLoss((int) number(given, "p", 1), number(given, "margin", 1), List.of()));
        put("MultiLabelSoftMarginLoss", given -> MultiLabelSoftMarginLoss.of());
        put("MultiLabelMarginLoss", given -> new MultiLabelMarginLoss());
        put("PoissonNLLLoss", given -> new PoissonNllLoss(true, given.config().has("full")));

        check("BCEWithLogitsLoss", LossTable::bceWithLogits);
        check(
                "MarginRankingLoss",
                (given, in) -> PairedLosses.marginRanking(
                        in.get("x1"), in.get("x2"), in.get("target"), number(given, "margin", 0)));
        check(
                "CosineEmbeddingLoss",
                (given, in) -> PairedLosses.cosineEmbedding(
                        in.get("x1"), in.get("x2"), in.get("target"), number(given, "margin", 0)));
        check(
                "TripletMarginLoss",
                (given, in) -> PairedLosses.tripletMargin(
                        in.get("a"),
                        in.get("p"),
                        in.get("n"),
                        number(given, "margin", 1),
                        number(given, "p", 2),
                        given.config().has("swap")));
        check(
                "GaussianNLLLoss",
                (given, in) -> PairedLosses.gaussianNll(in.get("x"), in.get("target"), in.get("var"), false, 1e-6));
        check("CTCLoss", LossTable::ctc);
    }

    /// A loss of the tensors of a case.
    private interface CaseLoss {
        Tensor of(Case given, Map<String, Tensor> in);
    }

    private LossTable() {}

    /// A loss whose values for each element or example are reduced as the case says.
    private static void put(String op, Function<Case, PointwiseLoss> loss) {
        TABLE.put(op, given -> {
            Function<Map<String, Tensor>, Tensor> of =
                    in -> reduced(given, loss.apply(given)).of(in.get("x"), in.get("target"));
            function(of).run(given);
            float32(given, of);
        });
    }

    /// As [#put], of a function that gives those values.
    private static void check(String op, CaseLoss loss) {
        TABLE.put(op, given -> {
            Function<Map<String, Tensor>, Tensor> of = in -> reduced(given, loss.of(given, in));
            function(of)
                    .referenceError("y", LossTable::referenceError)
                    .referenceError("d_x", LossTable::referenceError)
                    .run(given);
            float32(given, of);
        });
    }

    /// Value and gradients, compiled and eagerly, in `float32`.
    private static void float32(Case given, Function<Map<String, Tensor>, Tensor> loss) {
        List<String> names = given.roles("(?!y$|d_|.*__f32$).*");
        List<String> variables =
                names.stream().filter(name -> given.has("d_" + name)).toList();
        Array[] inputs = names.stream()
                .map(given::array)
                .map(array -> array.type().type().isFloating() ? array.to(Type.FLOAT32) : array)
                .toArray(Array[]::new);
        StepFunction step = (_, handed) -> {
            Map<String, Tensor> in = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                in.put(names.get(i), handed.get(i));
            }
            Tensor y = loss.apply(in);
            List<Tensor> results = new ArrayList<>(List.of(y));
            results.addAll(Reverse.pullback(
                    List.of(y),
                    List.of(in.get("dy")),
                    variables.stream().map(in::get).toList()));
            return results;
        };
        Session session = new Session(0, Type.FLOAT32);
        List<Array> compiled = session.step(given.id(), Scope.Mode.EVAL, step).run(inputs);
        List<Array> eager = session.eagerly(Scope.Mode.EVAL, step, inputs);
        List<String> roles = Stream.concat(Stream.of("y"), variables.stream().map(name -> "d_" + name))
                .toList();
        for (int i = 0; i < roles.size(); i++) {
            String role = roles.get(i);
            Array rounded = given.array(role + "__f32");
            Float32.equal("compiled float32 " + role, given.array(role), rounded, compiled.get(i));
            Float32.equal("eager float32 " + role, given.array(role), rounded, eager.get(i));
        }
    }

    private static Loss reduced(Case given, PointwiseLoss loss) {
        return switch (reduction(given)) {
            case "mean" -> loss;
            case "sum" -> loss.summed();
            case "batchmean" -> loss.perExample();
            default -> loss::each;
        };
    }

    private static Tensor reduced(Case given, Tensor losses) {
        return switch (reduction(given)) {
            case "mean" -> losses.mean();
            case "sum" -> losses.sum();
            default -> losses;
        };
    }

    /// As the case says; where it says nothing, by the shape of its result.
    private static String reduction(Case given) {
        JsonNode said = given.config().get("reduction");
        return said != null ? said.asString() : given.array("y").shape().rank() == 0 ? "mean" : "none";
    }

    /// PyTorch's `weight` is a factor of the losses.
    private static Tensor bceWithLogits(Case given, Map<String, Tensor> in) {
        Tensor losses = new BceWithLogitsLoss(numbers(given, "pos_weight")).each(in.get("x"), in.get("target"));
        return in.containsKey("weight") ? losses.times(in.get("weight")) : losses;
    }

    /// PyTorch's mean is over the batch, of losses divided by the number of labels.
    private static Tensor ctc(Case given, Map<String, Tensor> in) {
        Tensor x = in.get("x");
        Tensor lengths = in.get("target_lengths");
        Tensor losses = Ctc.losses(LogSoftmax.logSoftmax(x, 2), in.get("target"), in.get("input_lengths"), lengths, 0);
        return reduction(given).equals("mean") ? losses.div(lengths.to(x.type().type())) : losses;
    }

    private static double referenceError(double x) {
        return Math.abs(x) > 30 ? NEAR_ONE : 0; // only the extreme logits are that large
    }

    private static double number(Case given, String name, double otherwise) {
        JsonNode number = given.config().get(name);
        return number == null ? otherwise : number.asDouble();
    }

    private static List<Double> numbers(Case given, String role) {
        return given.has(role)
                ? Arrays.stream(given.array(role).toDoubles()).boxed().toList()
                : List.of();
    }
}
