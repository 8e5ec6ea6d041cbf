package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.base.Array;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Scope;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.States;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.ops.Indexing;
import org.gradus.ops.Standardization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Plans that were spoilt in one place are refused, each for its reason.
class PlanCheckTest {
    private static final Plan PLAN = plan();
    private static final int LAST = PLAN.entries().size() - 1;

    /// What is done to a plan, and what the check says of it.
    private record Case(String name, UnaryOperator<Plan> change, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Case> CASES = List.of(
            new Case("as it is", plan -> plan, ""),
            new Case(
                    "entries swapped",
                    plan -> entries(plan, all -> Collections.swap(all, 0, 1)),
                    "nothing has written"),
            new Case("an entry left out", plan -> entries(plan, all -> all.removeFirst()), "nothing has written"),
            new Case(
                    "a later value over a living one",
                    plan -> entries(
                            plan,
                            all -> all.add(
                                    1, writing(all.get(0), stageRead(plan).offset() + 1))),
                    "something has written over"),
            new Case(
                    "an entry over what it reads",
                    plan -> entries(
                            plan,
                            all -> all.add(1, reading(all.get(0), all.get(0).writes()))),
                    "over what it reads"),
            new Case(
                    "one place for two results",
                    plan -> entries(plan, all -> {
                        Plan.Entry first = all.get(0);
                        Place to = first.writes().get(0);
                        all.set(0, new Plan.Entry(first.work(), first.reads(), List.of(to, to), first.label()));
                    }),
                    "twice"),
            new Case(
                    "a pass of a stage over what an earlier one reads",
                    plan -> passes(
                            plan,
                            all -> all.set(
                                    all.size() - 1,
                                    new Plan.Entry(
                                            all.getLast().work(),
                                            all.getLast().reads(),
                                            List.of(stageRead(plan)),
                                            "last"))),
                    "in one stage with"),
            new Case(
                    "a loop over what it reads again and again",
                    plan -> passes(
                            plan,
                            all -> all.set(
                                    all.size() - 1,
                                    writing(all.getLast(), all.getLast().reads().getLast()))),
                    "over what it reads"),
            new Case("passes of a stage swapped", plan -> passes(plan, Collections::reverse), "nothing has written"),
            new Case(
                    "an input written",
                    plan -> entries(
                            plan,
                            all -> all.set(
                                    0, writing(all.get(0), all.get(0).reads().get(0)))),
                    "no working memory"),
            new Case(
                    "a state written that is not committed",
                    plan -> new Plan(plan.slots(), plan.entries(), plan.results(), List.of()),
                    "no working memory"),
            new Case(
                    "a state written twice",
                    plan -> entries(plan, all -> all.add(all.getLast())),
                    "has been written already"),
            new Case(
                    "a state read after it was written",
                    plan -> entries(
                            plan,
                            all -> all.add(reading(
                                    writing(all.get(0), 0),
                                    List.of(all.getLast().writes().get(0))))),
                    "has been written already"),
            new Case(
                    "what may fail after a state was written",
                    plan -> entries(plan, all -> all.add(0, all.removeLast())),
                    "may fail when the state"),
            new Case(
                    "a result that nobody writes",
                    plan -> new Plan(plan.slots(), List.of(), plan.results(), List.of()),
                    "a result of the graph reads"),
            new Case(
                    "a commit of what nobody writes",
                    plan -> new Plan(
                            plan.slots(),
                            plan.entries(),
                            plan.results(),
                            List.of(
                                    plan.commits().get(0),
                                    new Plan.Commit(
                                            plan.commits().get(0).key(),
                                            new Place(stageRead(plan).slot(), 1 << 20, 1)))),
                    "the commit of count"));

    /// Gathered elements, standardised in a stage, and a counter that is written in place.
    private static Plan plan() {
        Trace trace = new Trace();
        States states = States.traced(trace, trace.input("key", TensorType.of(Type.INT64, 2)));
        Scope scope = Scope.root(states, Mode.TRAIN, Type.FLOAT32);
        Tensor x = trace.input("x", TensorType.of(Type.FLOAT32, 511, 96));
        Tensor places = trace.input("places", TensorType.of(Type.INT64, 512, 96));
        Tensor count = scope.buffer("count", TensorType.of(Type.FLOAT32, 3), (type, _) -> Array.zeros(type));
        scope.assign(count, count.plus(1));
        return Plan.of(trace.finish(List.of(Standardization.standardize(Indexing.gather(x, 0, places), 1e-5, 1)
                .values())));
    }

    /// Where the stage begins to read.
    private static Place stageRead(Plan plan) {
        return stage(plan).passes().get(0).reads().get(0);
    }

    private static Computation.Stage stage(Plan plan) {
        return (Computation.Stage) plan.entries().get(LAST - 1).work();
    }

    private interface Change {
        void apply(List<Plan.Entry> entries);
    }

    private static Plan entries(Plan plan, Change change) {
        List<Plan.Entry> entries = new ArrayList<>(plan.entries());
        change.apply(entries);
        return new Plan(plan.slots(), entries, plan.results(), plan.commits());
    }

    private static Plan passes(Plan plan, Change change) {
        List<Plan.Entry> passes = new ArrayList<>(stage(plan).passes());
        change.apply(passes);
        Plan.Entry old = plan.entries().get(LAST - 1);
        Computation.Stage stage = new Computation.Stage(stage(plan).slices(), passes);
        return entries(plan, all -> all.set(LAST - 1, new Plan.Entry(stage, old.reads(), old.writes(), old.label())));
    }

    private static Plan.Entry reading(Plan.Entry entry, List<Place> reads) {
        return new Plan.Entry(entry.work(), reads, entry.writes(), entry.label());
    }

    private static Plan.Entry writing(Plan.Entry entry, int offset) {
        Place old = entry.writes().get(0);
        return writing(entry, new Place(old.slot(), offset, old.extent()));
    }

    private static Plan.Entry writing(Plan.Entry entry, Place to) {
        return new Plan.Entry(entry.work(), entry.reads(), List.of(to), entry.label());
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void spoiltPlansAreRefused(Case wrong) {
        assertThat(PLAN.entries()).as(PLAN.toString()).hasSize(3);
        Plan plan = wrong.change.apply(PLAN);
        if (wrong.said.isEmpty()) {
            plan.check();
        } else {
            assertThatThrownBy(plan::check).hasMessageContaining(wrong.said);
        }
    }
}
