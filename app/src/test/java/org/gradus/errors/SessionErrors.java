package org.gradus.errors;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.graph.Initial;
import org.gradus.graph.Scope;
import org.gradus.graph.StateKey.Role;
import org.gradus.graph.Tensor;
import org.gradus.plan.Place;
import org.gradus.plan.Plan;
import org.gradus.plan.Slot;
import org.gradus.run.Profile;
import org.gradus.run.Session;

/// The errors of sessions, of the states in them, and of plans.
final class SessionErrors {
    private static final Initial ZERO = Initial.constant(0);
    private static final Array THREE = Array.of(Shape.of(3), 1f, 2f, 3f);

    private SessionErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(
                entry(
                        "session-type",
                        "A session is asked for whose parameters are no floats.",
                        "Use FLOAT32, or FLOAT64 to check gradients.",
                        () -> new Session(1, Type.INT32)),
                entry(
                        "profile-empty",
                        "A profile is asked for of a step that did not run while it was recorded.",
                        "Run the step between making the `Profile.Recorder` and `stop`; look at its name.",
                        () -> {
                            try (Profile.Recorder recorder = new Profile.Recorder()) {
                                recorder.stop("train");
                            }
                        }),
                entry(
                        "state-unknown",
                        "A state is read from a session that has none under this path.",
                        "Look at `session.states()`; a state exists once a step that declares it has run.",
                        () -> new Session(1, Type.FLOAT32).state("0.weight")),
                entry(
                        "state-type",
                        "A state is set to an array of another type or shape than the model declares.",
                        "Look whether the array comes from another model, or from a file of another type.",
                        () -> {
                            Session session = new Session(1, Type.FLOAT32);
                            session.setState("weight", THREE);
                            run(session, scope -> scope.parameter("weight", Role.WEIGHT, ZERO, 2));
                        }),
                entry(
                        "state-declared-twice",
                        "Two places of a model declare one path with different shapes or roles.",
                        "Give one of them another name; with one shape and role they share the state.",
                        () -> step(scope -> {
                            scope.parameter("weight", Role.WEIGHT, ZERO, 2);
                            scope.parameter("weight", Role.WEIGHT, ZERO, 3);
                        })),
                entry(
                        "assign-twice",
                        "A state is assigned twice in one step, so that one of the values would be lost.",
                        "Chain the changes with `scope.update(state, old -> new)`.",
                        () -> step(scope -> {
                            Tensor count = scope.buffer("count", TensorType.of(Type.INT64), ZERO);
                            scope.assign(count, count.plus(1));
                            scope.assign(count, count.plus(2));
                        })),
                entry(
                        "assign-no-state",
                        "Something is assigned to that is no state, such as a result computed from one.",
                        "Assign to the very tensor that `parameter` or `buffer` returned in this step.",
                        () -> step(scope -> {
                            Tensor count = scope.buffer("count", TensorType.of(Type.INT64), ZERO);
                            scope.assign(count.plus(1), count);
                        })),
                entry(
                        "assign-type",
                        "A state is assigned a value of another type or shape.",
                        "Cast, reshape or broadcast the value to the state's.",
                        () -> step(scope -> {
                            Tensor mean = scope.buffer("mean", TensorType.of(Type.FLOAT32, 3), ZERO);
                            scope.assign(mean, mean.mean());
                        })),
                entry(
                        "plan-broken",
                        "A plan reads what nothing has written, or writes over what is needed: a defect of Gradus,"
                                + " found by the check that runs on every plan.",
                        "Report it, with the step that it belongs to.",
                        () -> {
                            Slot memory = new Slot.Arena(Type.FLOAT32, 3);
                            Plan.Result result = new Plan.Result(TensorType.of(Type.FLOAT32, 3), new Place(0, 0, 3));
                            new Plan(List.of(memory), List.of(), List.of(result), List.of()).check();
                        }));
    }

    /// What a step does with its states.
    @FunctionalInterface
    private interface Use {
        void of(Scope scope);
    }

    private static void step(Use use) {
        run(new Session(1, Type.FLOAT32), use);
    }

    private static void run(Session session, Use use) {
        session.step("train", Scope.Mode.TRAIN, (scope, inputs) -> {
                    use.of(scope);
                    return List.of();
                })
                .run();
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
