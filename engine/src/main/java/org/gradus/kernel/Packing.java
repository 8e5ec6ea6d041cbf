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
    private final Panel rest; // a straight one, of what is in a shared vector; else not used
    private final int[] last; // the lanes in use of the last vector of a panel, and of the last one
    private final int shares; // how many rows share a vector in the last panel; 0 if none do
    private final int alone; // the columns before it

    Packing(Columns columns, Type type) {
        this.columns = columns;
        int lastPanel = Math.max(0, columns.panels() - 1);
        last = new int[] {columns.last(0), columns.last(lastPanel)};
        shares = columns.shares(lastPanel);
        alone = columns.alone(lastPanel);
        Arrays.setAll(turned, i -> PanelForm.turned(type, 8 >> i));
        Arrays.setAll(straight, i -> {
            int panel = i * lastPanel;
            return PanelForm.straight(type, columns.lanes(), columns.vectors(panel), columns.isMasked(panel), true);
        });
        rest = columns.rest() > 0 ? PanelForm.straight(type, columns.lanes(), 1, true, false) : straight[1];
    }

    /// Copies a panel of a matrix whose rows lie one after the other. Whole vectors are written.
    void straight(Object[] fromTo, int panel, int count, int from, int fromStep, int to, int toStep) {
        boolean isLast = panel == columns.panels() - 1;
        int kind = isLast ? 1 : 0;
        straight[kind].run(fromTo, count, from, fromStep, to, toStep, last[kind]);
        for (int i = 1; isLast && i < shares; i++) {
            int shared = alone + i * columns.rest();
            rest.run(fromTo, count, from + alone, fromStep, to + shared, toStep, columns.rest());
        }
    }

    /// Copies a panel of a matrix whose columns lie crosswise, each `count` elements long and `fromStep` from the next.
    void crosswise(Object[] fromTo, int panel, int count, int from, int fromStep, int to, int toStep) {
        boolean isLast = panel == columns.panels() - 1;
        turned(fromTo, count, from, fromStep, columns.length(panel), to, toStep);
        for (int i = 1; isLast && i < shares; i++) {
            int shared = alone + i * columns.rest();
            turned(fromTo, count, from + alone * fromStep, fromStep, columns.rest(), to + shared, toStep);
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
