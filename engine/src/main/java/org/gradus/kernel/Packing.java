package org.gradus.kernel;

import java.util.Arrays;
import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;

/// Copying parts of a matrix into the order in which tiles read it, by the panel kernels for some columns.
final class Packing {
    private final Columns columns;
    private final Panel[] straight = new Panel[2]; // of a panel and of the last one
    private final Panel[] turned = new Panel[4]; // 8, 4, 2 and 1 slices at once

    Packing(Columns columns, Type type) {
        this.columns = columns;
        int last = Math.max(0, columns.panels() - 1);
        Arrays.setAll(turned, i -> PanelForm.turned(type, 8 >> i));
        Arrays.setAll(straight, i -> {
            int panel = i * last;
            return PanelForm.straight(
                    type, columns.lanes(), Math.max(1, columns.vectors(panel)), columns.isMasked(panel), true);
        });
    }

    /// Copies a panel of a matrix whose rows lie one after the other. Whole vectors are written.
    void straight(Object[] fromTo, int panel, int count, int from, int fromStep, int to, int toStep) {
        straight[panel == columns.panels() - 1 ? 1 : 0].run(
                fromTo, count, from, fromStep, to, toStep, columns.last(panel));
    }

    /// Copies `length` columns that lie crosswise, each `count` elements long and `fromStep` from the next.
    void turned(Object[] fromTo, int count, int from, int fromStep, int length, int to, int toStep) {
        int done = 0;
        for (int i = 0; i < turned.length; i++) {
            int width = 8 >> i;
            while (done + width <= length) {
                turned[i].run(fromTo, count, from + done * fromStep, fromStep, to + done, toStep, 0);
                done += width;
            }
        }
    }
}
