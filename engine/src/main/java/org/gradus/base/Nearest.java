package org.gradus.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/// What somebody may have meant who wrote a name that there is not.
public final class Nearest {
    private Nearest() {}

    /// The name with the fewest letters to change, add or leave out (Levenshtein's distance), whatever their case; empty
    /// if there are no names.
    public static String to(String wanted, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(
                        name -> distance(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
                .orElse("");
    }

    private static int distance(String a, String b) {
        int[] above = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
