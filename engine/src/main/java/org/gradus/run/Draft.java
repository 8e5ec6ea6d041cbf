package org.gradus.run;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gradus.base.Type;

/// A job without its workspace. Entries run one after the other, so all of a plan share one array of each type, which
/// is made when the needs of all are known.
///
/// @param needs how many elements of each type the workspace must have
/// @param bind makes the job, given arrays of at least that many
record Draft(Map<Type, Integer> needs, Function<Map<Type, Object>, Job> bind) {
    /// A job that needs no workspace.
    static Draft of(Job job) {
        return new Draft(Map.of(), _ -> job);
    }

    /// A job that needs workspace of one type.
    static Draft of(Type type, int need, Function<Object, Job> bind) {
        return new Draft(Map.of(type, need), arrays -> bind.apply(Memory.in(arrays, type)));
    }

    /// The jobs of all drafts, with one workspace for all.
    static Job[] bound(List<Draft> drafts) {
        Map<Type, Integer> most = new EnumMap<>(Type.class);
        drafts.forEach(draft -> draft.needs.forEach((type, need) -> most.merge(type, need, Math::max)));
        Map<Type, Object> arrays = new EnumMap<>(Type.class);
        most.forEach((type, need) -> arrays.put(type, Memory.zeros(type, need)));
        return drafts.stream().map(draft -> draft.bind.apply(arrays)).toArray(Job[]::new);
    }
}
