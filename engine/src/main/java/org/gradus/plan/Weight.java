package org.gradus.plan;

import org.gradus.expr.Code;
import org.gradus.graph.MapOp;

/// How much work an elementwise op is: about the instructions of a processor for each element.
final class Weight {
    /// Less work than to store a number and to read it again from a near cache.
    static final int LIGHT = 6;

    /// The same from memory.
    static final int LIGHTER_THAN_MEMORY = 26;

    private Weight() {}

    static int of(MapOp map) {
        return map.formula().body().code().stream()
                .mapToInt(step -> of(step.code()))
                .sum();
    }

    private static int of(Code code) {
        return switch (code) {
            case CONSTANT -> 0;
            case ADD, SUB, MUL, NEG, ABS, MIN, MAX, LESS, LESS_EQUAL, EQUAL, NOT, AND, OR, XOR, SELECT -> 1;
            case DIV, SQRT, RSQRT, SIGN, FLOOR, CEIL, ROUND, TRUNC -> 3;
            case EXP -> 20;
            default -> 100;
        };
    }
}
