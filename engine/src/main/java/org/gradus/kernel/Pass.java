package org.gradus.kernel;

import java.util.List;
import java.util.stream.IntStream;

/// What a correlation does along one axis: output `u` (of `count`, at `start + step * u`) is a sum over the taps, of
/// which number `q` sees the source at `first + advance * u + spacing * q`.
///
/// The convolution itself is one pass. Its transpose is one pass for each remainder of the position divided by the
/// stride: the positions with one remainder are reached by the same taps.
///
/// @param taps the kernel's taps, in the order of the places in the source that they see
record Pass(int count, int start, int step, int first, int advance, int spacing, List<Integer> taps) {
    /// The pass of a convolution.
    static List<Pass> forward(Axis axis) {
        List<Integer> taps = IntStream.range(0, axis.kernel()).boxed().toList();
        return List.of(new Pass(axis.windows(), 0, 1, -axis.before(), axis.stride(), axis.dilation(), taps));
    }

    /// The passes of its transpose. Position `h` of the input gets tap `r` of window `i` where
    /// `stride i + dilation r - before = h`.
    static List<Pass> transposed(Axis axis) {
        return IntStream.range(0, Math.min(axis.stride(), axis.size()))
                .mapToObj(rest -> {
                    List<Integer> taps = IntStream.range(0, axis.kernel())
                            .map(r -> axis.kernel() - 1 - r)
                            .filter(r -> (rest + axis.before() - r * axis.dilation()) % axis.stride() == 0)
                            .boxed()
                            .toList();
                    int[] seen = taps.stream()
                            .mapToInt(r -> (rest + axis.before() - r * axis.dilation()) / axis.stride())
                            .toArray();
                    int count = (axis.size() - rest + axis.stride() - 1) / axis.stride();
                    int spacing = seen.length > 1 ? seen[1] - seen[0] : 1;
                    return new Pass(count, rest, axis.stride(), seen.length > 0 ? seen[0] : 0, 1, spacing, taps);
                })
                .toList();
    }

    /// The padding in front that the source needs.
    int low() {
        return taps.isEmpty() ? 0 : Math.max(0, -first);
    }

    /// The padding that it needs behind.
    int high(int size) {
        int end = first + advance * (count - 1) + spacing * (taps.size() - 1);
        return taps.isEmpty() ? 0 : Math.max(0, end - (size - 1));
    }
}
