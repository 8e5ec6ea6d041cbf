package org.gradus.bench.side;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A matrix product `[m, k] x [k, n]`, as the name of a row says it: `gemm-512`, or `gemm-64x500x800-nt` for m, n and k,
/// where `t` marks the operand that is stored transposed.
public record Product(int m, int n, int k, boolean transposeA, boolean transposeB) {
    private static final Pattern NAME = Pattern.compile("gemm-(\\d+)(?:x(\\d+)x(\\d+)-([nt])([nt]))?");

    /// The product of a row.
    public static Product of(Row row) {
        Matcher name = NAME.matcher(row.name());
        if (!name.matches()) {
            throw new IllegalArgumentException(row + " is no product.");
        }
        int m = Integer.parseInt(name.group(1));
        return name.group(2) == null
                ? new Product(m, m, m, false, false)
                : new Product(
                        m,
                        Integer.parseInt(name.group(2)),
                        Integer.parseInt(name.group(3)),
                        name.group(4).equals("t"),
                        name.group(5).equals("t"));
    }

    /// The sizes that the left operand is stored with.
    public int[] left() {
        return transposeA ? new int[] {k, m} : new int[] {m, k};
    }

    /// The sizes that the right operand is stored with.
    public int[] right() {
        return transposeB ? new int[] {n, k} : new int[] {k, n};
    }
}
