package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.Type;
import org.gradus.formats.Safetensors;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.StateKey;
import org.gradus.nn.LayerCases.LayerCase;
import org.gradus.run.Session;
import org.gradus.run.Step;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every layer: its states in a file make another session, which began with another seed, the same model.
class SavedLayersTest {
    @TempDir
    private Path folder;

    static Stream<LayerCase> all() {
        return LayerCases.withNetworks();
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsSavedIsRead(LayerCase given) {
        for (Type type : List.of(Type.FLOAT64, Type.FLOAT32)) {
            Array x = given.words() > 0 ? given.point() : given.point().to(type);
            Session trained = new Session(3, type, 1);
            step(trained, given, Mode.TRAIN).run(x); // moves running statistics
            Path file = folder.resolve(type + ".safetensors");
            new Safetensors(states(trained), Map.of()).write(file);

            Session other = new Session(4, type, 1);
            Safetensors.read(file).arrays().forEach(other::setState);

            Array expected = step(trained, given, Mode.EVAL).run(x).getFirst();
            Array found = step(other, given, Mode.EVAL).run(x).getFirst();
            assertThat(found.toDoubles()).as("%s, %s", given, type).isEqualTo(expected.toDoubles());
        }
    }

    private static Step step(Session session, LayerCase given, Mode mode) {
        return session.step(
                given.name(), mode, (scope, in) -> List.of(given.layer().forward(scope, in.getFirst())));
    }

    private static Map<String, Array> states(Session session) {
        Map<String, Array> states = new LinkedHashMap<>();
        for (StateKey key : session.states()) {
            states.put(key.path(), session.state(key.path()));
        }
        return states;
    }
}
