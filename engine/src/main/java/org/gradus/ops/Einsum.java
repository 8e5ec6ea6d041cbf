package org.gradus.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.graph.Tensor;

/// Einstein's summation: every axis has a letter, equal letters run together, letters that are missing in the result
/// are summed over.
///
/// `bij,bjk->bik` is the batched matrix product, `ii` the trace, `i,j->ij` the outer product, `ij->ji` the transpose.
/// Three dots stand for leading axes that broadcast, as in `...ij,...jk->...ik`. Without an arrow the result has
/// the letters that stand once, in alphabetical order, behind the dots. Operands are contracted from left to right,
/// each pair as one batched matrix product.
public final class Einsum {
    // Axes behind three dots get letters of their own, counted from the last, out of Unicode's private area.
    private static final char DOTS = '\uE000';

    private final String equation;
    private final Map<Character, Integer> sizes = new LinkedHashMap<>();

    private Einsum(String equation) {
        this.equation = equation;
    }

    /// A tensor and the letters of its axes, each once.
    private record Operand(Tensor tensor, String letters) {}

    /// The sum that the equation describes.
    ///
    /// @param equation such as `ij,jk->ik`
    /// @throws GradusException when it does not fit the tensors, a letter has two sizes, or it cannot be read
    public static Tensor einsum(String equation, Tensor... tensors) {
        return new Einsum(equation).of(List.of(tensors));
    }

    private Tensor of(List<Tensor> tensors) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (sides.length > 2 || inputs.length != tensors.size()) {
            throw failure(
                    "einsum-operands",
                    "the equation speaks of " + inputs.length + " operands"
                            + (sides.length > 2 ? " and has more than one arrow" : "") + ", but " + tensors.size()
                            + " came with it. Separate operands by commas, and the result by one arrow");
        }
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            letters.add(spelled(inputs[i], tensors.get(i)));
            measure(letters.get(i), tensors.get(i));
        }
        String result = sides.length == 2 ? result(sides[1]) : implied(letters);
        Operand product = single(letters.get(0), tensors.get(0));
        for (int i = 1; i < tensors.size(); i++) {
            String needed = result + String.join("", letters.subList(i + 1, letters.size()));
            product = pair(product, single(letters.get(i), tensors.get(i)), needed);
        }
        return arranged(summed(product, result), result).tensor();
    }

    /// The letters of an operand, with the dots spelled out.
    private String spelled(String side, Tensor tensor) {
        int dots = side.indexOf("...");
        int rank = tensor.shape().rank();
        int hidden = dots < 0 ? 0 : rank - (side.length() - 3);
        String spelled =
                dots < 0 ? side : side.substring(0, dots) + dots(Math.max(0, hidden)) + side.substring(dots + 3);
        if (spelled.length() != rank || hidden < 0) {
            throw failure(
                    "einsum-rank",
                    "`" + side + "` has " + side.replace("...", "").length() + " letters, but the operand "
                            + tensor.described() + ", has " + rank
                            + " axes. Give each axis a letter, or write `...` for the rest");
        }
        demandLetters(spelled);
        return spelled;
    }

    private static String dots(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.valueOf((char) (DOTS + count - 1 - i)))
                .collect(Collectors.joining());
    }

    private void demandLetters(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            boolean plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
            if (!plain && letter < DOTS) {
                throw failure("einsum-letter", "`" + letter + "` is no letter. Axes are named a to z and A to Z");
            }
        }
    }

    private void measure(String letters, Tensor tensor) {
        for (int axis = 0; axis < letters.length(); axis++) {
            int size = tensor.shape().size(axis);
            int known = sizes.getOrDefault(letters.charAt(axis), 1);
            if (known != 1 && size != 1 && known != size) {
                throw failure(
                        "einsum-size",
                        (letters.charAt(axis) >= DOTS ? "an axis behind the dots" : "`" + letters.charAt(axis) + "`")
                                + " has size " + known + " and size " + size + ", the latter in "
                                + tensor.described() + ". Give axes of different sizes different letters");
            }
            sizes.put(letters.charAt(axis), known == 1 ? size : known);
        }
    }

    private String result(String side) {
        int hidden =
                (int) sizes.keySet().stream().filter(letter -> letter >= DOTS).count();
        String result = side.replace("...", dots(hidden));
        demandLetters(result);
        for (int i = 0; i < result.length(); i++) {
            char letter = result.charAt(i);
            if (!sizes.containsKey(letter) || result.indexOf(letter) != result.lastIndexOf(letter)) {
                throw failure(
                        "einsum-result",
                        "the result's letter `" + letter + "` "
                                + (sizes.containsKey(letter) ? "stands twice" : "stands in no operand")
                                + ". Give it letters of the operands, each once");
            }
        }
        return result;
    }

    private String implied(List<String> letters) {
        String all = String.join("", letters);
        int hidden =
                (int) sizes.keySet().stream().filter(letter -> letter >= DOTS).count();
        return dots(hidden)
                + sizes.keySet().stream()
                        .filter(letter -> letter < DOTS && all.indexOf(letter) == all.lastIndexOf(letter))
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining());
    }

    /// An operand with each letter once: where a letter stands twice, the diagonal is taken.
    private Operand single(String letters, Tensor tensor) {
        Tensor x = tensor.broadcastTo(shape(letters));
        String left = letters;
        for (int i = 0; i < left.length(); i++) {
            int twin = left.indexOf(left.charAt(i), i + 1);
            if (twin >= 0) {
                // Both axes to the end, where their diagonal becomes one axis.
                int rank = left.length();
                x = Views.diagonal(Views.moveAxis(Views.moveAxis(x, twin, rank - 1), i, rank - 1));
                left = without(left, i, twin) + left.charAt(i);
                i = -1;
            }
        }
        return new Operand(x, left);
    }

    private static String without(String letters, int i, int j) {
        return letters.substring(0, i) + letters.substring(i + 1, j) + letters.substring(j + 1);
    }

    /// The product of two operands, summed over the letters that nothing needs any more.
    private Operand pair(Operand a, Operand b, String needed) {
        Operand left = summed(a, needed + b.letters());
        Operand right = summed(b, needed + a.letters());
        String batch = only(left.letters(), c -> has(right, c) && needed.indexOf(c) >= 0);
        String inner = only(left.letters(), c -> has(right, c) && needed.indexOf(c) < 0);
        String rows = only(left.letters(), c -> !has(right, c));
        String columns = only(right.letters(), c -> !has(left, c));
        if (inner.isEmpty()) {
            Tensor x = arranged(left, batch + rows).tensor();
            Tensor y = arranged(right, batch + columns).tensor();
            Shape spread = shape(batch).joined(Shape.of(ones(rows.length()))).joined(shape(columns));
            Tensor wide = x.reshape(x.shape().joined(Shape.of(ones(columns.length()))));
            return new Operand(wide.times(y.reshape(spread)), batch + rows + columns);
        }
        Tensor x = arranged(left, batch + rows + inner).tensor().reshape(count(batch), count(rows), count(inner));
        Tensor y =
                arranged(right, batch + inner + columns).tensor().reshape(count(batch), count(inner), count(columns));
        String letters = batch + rows + columns;
        return new Operand(x.matmul(y).reshape(shape(letters)), letters);
    }

    /// Without the letters that are not needed.
    private static Operand summed(Operand x, String needed) {
        int[] over = IntStream.range(0, x.letters().length())
                .filter(axis -> needed.indexOf(x.letters().charAt(axis)) < 0)
                .toArray();
        return over.length == 0 ? x : new Operand(x.tensor().sum(over), only(x.letters(), c -> needed.indexOf(c) >= 0));
    }

    private static Operand arranged(Operand x, String letters) {
        return new Operand(
                x.tensor().permute(letters.chars().map(x.letters()::indexOf).toArray()), letters);
    }

    private static boolean has(Operand x, char letter) {
        return x.letters().indexOf(letter) >= 0;
    }

    private static String only(String letters, Predicate<Character> wanted) {
        return letters.chars()
                .mapToObj(c -> (char) c)
                .filter(wanted)
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    private Shape shape(String letters) {
        return Shape.of(
                letters.chars().map(c -> sizes.getOrDefault((char) c, 1)).toArray());
    }

    private int count(String letters) {
        return shape(letters).count();
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private GradusException failure(String kind, String what) {
        return new GradusException(kind, "einsum `" + equation + "`: " + what + ".");
    }
}
