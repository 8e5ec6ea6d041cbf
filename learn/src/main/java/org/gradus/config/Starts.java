package org.gradus.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.graph.Initial;
import org.gradus.graph.Layer;
import org.gradus.graph.StateKey.Role;
import org.gradus.nn.Initialised;
import org.gradus.nn.Initialisers;
import org.gradus.nn.Initialisers.Fan;

/// How the parameters of a layer start, the key `init`: a name, or a table with numbers. A new way is a row.
final class Starts {
    private static final String TORCH = "torch";
    private static final Map<String, Function<Numbers, Initial>> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("he_normal", _ -> Initialisers.heNormal(Fan.IN, Initialisers.RELU_GAIN));
        WAYS.put("he_uniform", _ -> Initialisers.heUniform(Fan.IN, Initialisers.RELU_GAIN));
        WAYS.put("xavier_normal", said -> Initialisers.xavierNormal(said.number("gain", 1)));
        WAYS.put("xavier_uniform", said -> Initialisers.xavierUniform(said.number("gain", 1)));
        WAYS.put("lecun_normal", _ -> Initialisers.lecunNormal());
        WAYS.put("lecun_uniform", _ -> Initialisers.lecunUniform());
        WAYS.put("orthogonal", said -> Initialisers.orthogonal(said.number("gain", 1)));
        WAYS.put("zeros", _ -> Initialisers.constant(0));
        WAYS.put("constant", said -> Initialisers.constant(said.number("value", 0)));
        WAYS.put("uniform", said -> Initialisers.uniform(said.number("low", 0), said.number("high", 1)));
        WAYS.put("normal", said -> Initialisers.normal(said.number("mean", 0), said.number("deviation", 1)));
        WAYS.put(
                "truncated_normal",
                said -> Initialisers.truncatedNormal(said.number("mean", 0), said.number("deviation", 1)));
    }

    /// The numbers of a way.
    @FunctionalInterface
    private interface Numbers {
        double number(String key, double otherwise);
    }

    private Starts() {}

    /// The layer, or one that starts as its table says.
    static Layer read(Table table, Layer layer) {
        List<String> names = new ArrayList<>(List.of(TORCH));
        names.addAll(WAYS.keySet());
        if (!table.has("init") || table.value("init").value() instanceof String) {
            Function<Numbers, Initial> way = WAYS.get(table.choice("init", TORCH, names));
            return way == null ? layer : Initialised.weights(layer, way.apply((_, usual) -> usual));
        }
        Table said = table.table("init", table.value("init"));
        Function<Numbers, Initial> way = WAYS.get(said.choice("type", TORCH, names));
        double bias = said.number("bias", 0);
        Initial weight = way == null ? null : way.apply(said::number);
        said.end();
        Map<Role, Initial> starts = weight == null
                ? Map.of(Role.BIAS, Initialisers.constant(bias))
                : Map.of(Role.WEIGHT, weight, Role.BIAS, Initialisers.constant(bias));
        return new Initialised(layer, starts);
    }
}
