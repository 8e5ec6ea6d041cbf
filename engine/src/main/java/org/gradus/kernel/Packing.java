package org.gradus.kernel;

import java.util.Arrays;
import org.gradus.base.Type;
import org.gradus.kernel.Panel.PanelForm;

/// Copying parts of a matrix into the order in which tiles read it, by the panel kernels for some columns. What lies in a vector
/// that rows share is there once for each of them.
final class Packing {
    private final Columns columns;
    private final Panel[] straight = new Panel[2]; // of a panel and of the last one
    private final Panel[] turned = new Panel[4]; // 8, 4, 2 and 1 slices at once
    private final Panel rest; // a straight one, of what is in a shared vector

    Packing(Columns columns, Type type) {
        this.columns = columns;
        int last = Math.max(0, columns.panels() - 1);
        rest = PanelForm.straight(type, columns.lanes(), 1, true, false);
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
        int shared = columns.length(panel) - columns.rest(panel);
        for (int i = 1; i < columns.shares(panel); i++) {
            int beside = to + shared + i * columns.rest(panel);
            rest.run(fromTo, count, from + shared, fromStep, beside, toStep, columns.rest(panel));
        }
    }

    /// Copies a panel of a matrix whose columns lie crosswise, each `count` elements long and `fromStep` from the next.
    void crosswise(Object[] fromTo, int panel, int count, int from, int fromStep, int to, int toStep) {
        turned(fromTo, count, from, fromStep, columns.length(panel), to, toStep);
        int shared = columns.length(panel) - columns.rest(panel);
        for (int i = 1; i < columns.shares(panel); i++) {
            int beside = to + shared + i * columns.rest(panel);
            turned(fromTo, count, from + shared * fromStep, fromStep, columns.rest(panel), beside, toStep);
        }
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
