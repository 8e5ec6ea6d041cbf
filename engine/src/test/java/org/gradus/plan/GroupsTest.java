package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Graph;
import org.gradus.graph.Node;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final int GRAPHS = 200;

    /// Joins nodes from anywhere, some while others have no group yet, and asks each time what another search tells: the
    /// nodes that can be taken away one after the other once all that they read is gone.
    @Test
    void groupsFromFarApartNeverReadEachOtherInACircle() {
        int circles = 0;
        for (int seed = 0; seed < GRAPHS; seed++) {
            Random random = new Random(seed);
            List<Node> live = graph(random).live().stream()
                    .filter(node -> !Fusion.isFree(node))
                    .toList();
            Groups groups = new Groups(live);
            Map<Node, Integer> colours = new HashMap<>();
            live.forEach(node -> colours.put(node, colours.size()));
            int known = 0;
            for (Node node : live) {
                groups.begin(node);
                known++;
                for (int i = 0; i < 2; i++) {
                    Node one = live.get(random.nextInt(known));
                    Node two = live.get(random.nextInt(known));
                    int from = colours.getOrDefault(two, -1);
                    int to = colours.getOrDefault(one, -1);
                    Group own = groups.of(one);
                    Group other = groups.of(two);
                    if (own == null || other == null || own.equals(other)) {
                        continue;
                    }
                    Map<Node, Integer> joined = new HashMap<>(colours);
                    joined.replaceAll((_, colour) -> colour == from ? to : colour);
                    boolean isCircle = groups.isCircle(own, other);
                    assertThat(isCircle)
                            .as("seed %d, %s and %s", seed, one, two)
                            .isEqualTo(!endsAll(live, joined));
                    if (isCircle) {
                        circles++;
                    } else {
                        groups.join(own, other);
                        colours.putAll(joined);
                    }
                }
            }
            Set<Node> done = new HashSet<>();
            for (Group group : groups.ordered()) {
                done.addAll(group.nodes);
                group.nodes.forEach(node -> node.inputs().stream()
                        .map(Tensor::node)
                        .filter(live::contains)
                        .forEach(input -> assertThat(done).contains(input)));
            }
            assertThat(done).hasSameSizeAs(live);
        }
        assertThat(circles).isGreaterThan(GRAPHS);
    }

    private static Graph graph(Random random) {
        Trace trace = new Trace();
        List<Tensor> pool = new ArrayList<>(List.of(trace.input("x", TensorType.of(Type.FLOAT32, 3))));
        int count = 5 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            Tensor near = pool.get(Math.max(0, pool.size() - 1 - random.nextInt(4)));
            pool.add(near.plus(pool.get(random.nextInt(pool.size())).times(i + 2)));
        }
        return trace.finish(pool.subList(1, pool.size()));
    }

    private static boolean endsAll(List<Node> live, Map<Node, Integer> colours) {
        Map<Integer, Set<Integer>> reads = new HashMap<>();
        for (Node node : live) {
            int own = colours.get(node);
            Set<Integer> of = reads.computeIfAbsent(own, _ -> new HashSet<>());
            node.inputs().forEach(input -> {
                Integer colour = colours.get(input.node());
                if (colour != null && colour != own) {
                    of.add(colour);
                }
            });
        }
        while (true) {
            List<Integer> free = reads.entrySet().stream()
                    .filter(entry -> entry.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            if (free.isEmpty()) {
                return reads.isEmpty();
            }
            free.forEach(reads::remove);
            reads.values().forEach(of -> free.forEach(of::remove));
        }
    }
}
