package org.gradus.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What somebody may have meant who wrote a name that there is not.
public final class Nearest {
    private static final int LETTERS_PER_SLIP = 3;

    private Nearest() {}

    /// The end of a sentence that says that there is no such name: `; did you mean x?` with the nearest one in backquotes,
    /// or a full stop where none is near.
    public static String guess(String wanted, Collection<String> names) {
        String nearest = to(wanted, names);
        return nearest.isEmpty() ? "." : "; did you mean `" + nearest + "`?";
    }

    /// The name with the fewest slips, whatever its case, if there is at most one for about three letters that were written; else
    /// one that contains what was written, is contained in it, or begins with two thirds of it; empty if there is none. A slip
    /// is a letter to change, add or leave out, or two to swap (optimal string alignment distance).
    public static String to(String wanted, Collection<String> names) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        List<String> likely = names.stream()
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT))
                        <= (lower.length() == 1 ? 0 : Math.max(1, (lower.length() + 1) / LETTERS_PER_SLIP)))
                .toList();
        List<String> related = !likely.isEmpty()
                ? likely
                : names.stream()
                        .filter(name -> isRelated(lower, name.toLowerCase(Locale.ROOT)))
                        .toList();
        return related.stream()
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))))
                .orElse("");
    }

    private static boolean isRelated(String wanted, String name) {
        String beginning = wanted.substring(0, Math.ceilDiv(2 * wanted.length(), 3));
        return isPart(wanted, name) || isPart(name, wanted) || (isPart(beginning, name) && name.startsWith(beginning));
    }

    private static boolean isPart(String part, String whole) {
        return part.length() >= LETTERS_PER_SLIP && whole.contains(part);
    }

    private static int distance(String a, String b) {
        int[] before = new int[0]; // the row above `above`
        int[] above = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], 1 + before[j - 2]);
                }
            }
            before = above;
            above = row;
        }
        return above[b.length()];
    }
}
