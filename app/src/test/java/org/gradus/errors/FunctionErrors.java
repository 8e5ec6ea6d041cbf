package org.gradus.errors;

import static org.gradus.eager.Eager.tensor;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.base.Array;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.eager.Eager;
import org.gradus.graph.Tensor;
import org.gradus.graph.Trace;
import org.gradus.ops.Activations;
import org.gradus.ops.Constants;
import org.gradus.ops.Convolutions;
import org.gradus.ops.CrossEntropy;
import org.gradus.ops.Einsum;
import org.gradus.ops.Indexing;
import org.gradus.ops.Logic;
import org.gradus.ops.Padding;
import org.gradus.ops.Patches;
import org.gradus.ops.Pooling;
import org.gradus.ops.Products;
import org.gradus.ops.Randoms;
import org.gradus.ops.Reductions;
import org.gradus.ops.Resizing;
import org.gradus.ops.Sorting;
import org.gradus.ops.Standardization;
import org.gradus.ops.Views;

/// The errors of the functions that take tensors.
final class FunctionErrors {
    private static final Tensor VECTOR = tensor(1.0, 2.0, 3.0);
    private static final Tensor MATRIX = tensor(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6);
    private static final Tensor IMAGE = tensor(Array.zeros(TensorType.of(Type.FLOAT64, 1, 3, 4, 4)));
    private static final Tensor WEIGHT = tensor(Array.zeros(TensorType.of(Type.FLOAT64, 2, 3, 3, 3)));

    private FunctionErrors() {}

    static Stream<ErrorEntry> all() {
        return Stream.of(products(), networks(), views(), lookups(), numbers()).flatMap(entries -> entries);
    }

    private static Stream<ErrorEntry> products() {
        return Stream.of(
                entry(
                        "einsum-operands",
                        "An einsum's equation names another number of operands than are given, or has two arrows.",
                        "Write one group of letters for each tensor, with commas between them.",
                        () -> Einsum.einsum("ij,jk->ik", MATRIX)),
                entry(
                        "einsum-rank",
                        "A group of letters in an einsum does not name each axis of its tensor.",
                        "Give each axis a letter, or write `...` for the axes that are only carried along.",
                        () -> Einsum.einsum("ijk->k", MATRIX)),
                entry(
                        "einsum-letter",
                        "An einsum names an axis by something else than a letter.",
                        "Use a to z and A to Z.",
                        () -> Einsum.einsum("i1->i", MATRIX)),
                entry(
                        "einsum-size",
                        "One letter of an einsum stands for axes of different sizes.",
                        "Check the order of the letters, or transpose a tensor; a size of 1 fits every other.",
                        () -> Einsum.einsum("ij,jk->ik", MATRIX, MATRIX)),
                entry(
                        "einsum-result",
                        "The result of an einsum names a letter that no operand has, or names one twice.",
                        "Name each axis that should stay once; the others are summed over.",
                        () -> Einsum.einsum("ij->ik", MATRIX)),
                entry(
                        "standardize-scaling",
                        "What is standardised is to be scaled by one tensor alone, or by tensors that do not fit.",
                        "Give a weight and a bias, both of shapes that broadcast to the input, or neither.",
                        () -> Standardization.standardize(MATRIX, List.of(MATRIX), 1e-5, 1)),
                entry(
                        "linear-shapes",
                        "Input, weight and bias of a linear function do not fit.",
                        "The last axis of the input is the second of the weight, and the bias has one number for"
                                + " each row of the weight.",
                        () -> Products.linear(MATRIX, tensor(Shape.of(2, 2), 1.0, 2, 3, 4), null)),
                entry(
                        "vectors",
                        "A product of two vectors is given tensors with more axes, or fewer.",
                        "Flatten them, or use `matmul`.",
                        () -> Products.dot(VECTOR, MATRIX)));
    }

    private static Stream<ErrorEntry> networks() {
        return Stream.of(
                entry(
                        "padding-reach",
                        "Padding by reflection or around the other end asks for more elements than the axis has.",
                        "Pad less, or with zeros.",
                        () -> Padding.REFLECT.around(VECTOR, List.of(3), List.of(0))),
                entry(
                        "fold-columns",
                        "Columns are folded that are not as many as the windows of the result, or not a multiple of the"
                                + " taps.",
                        "Use the geometry and the sizes that they were unfolded with.",
                        () -> Patches.fold(
                                Eager.tensor(Array.zeros(TensorType.of(Type.FLOAT64, 1, 12, 9))),
                                Convolutions.geometry(Shape.of(2, 2), 1, 0, 1),
                                Shape.of(5, 5))),
                entry(
                        "resize-axes",
                        "An image is resized with more or fewer sizes than it has spatial axes, or is empty.",
                        "Give one size for each axis behind batch and channels.",
                        () -> Resizing.nearest(IMAGE, 8)),
                entry(
                        "conv-bias",
                        "A convolution's bias has not one number for each output channel.",
                        "Give it the size of the weight's first axis (for a transposed convolution, of its second).",
                        () -> Convolutions.convolve(
                                IMAGE, WEIGHT, VECTOR, Convolutions.geometry(2, WEIGHT, 1, 1, 1), 1)),
                entry(
                        "output-padding",
                        "The output padding of a transposed convolution is not smaller than its stride.",
                        "It only chooses between the sizes that one stride gives; pad the output to make it larger.",
                        () -> Convolutions.convTransposed(
                                IMAGE, WEIGHT, null, Convolutions.geometry(2, WEIGHT, 2, 1, 1), List.of(2, 2), 1)),
                entry(
                        "pool-padding",
                        "A pooled window could lie in the padding altogether.",
                        "Pad by at most half of the window.",
                        () -> Pooling.maxPool(IMAGE, 2, 2, 2)),
                entry(
                        "cross-entropy-classes",
                        "The labels of a cross-entropy are no class numbers, one for each row of logits.",
                        "Give integers without the class axis; of one-hot rows take the `argmax`.",
                        () -> CrossEntropy.crossEntropy(MATRIX, tensor(0.0, 1.0))),
                entry(
                        "prelu-weight",
                        "PReLU's weight is neither one number nor one for each channel.",
                        "Channels are axis 1 of the input.",
                        () -> Activations.prelu(MATRIX, tensor(0.1, 0.2))),
                entry(
                        "probability",
                        "A probability is not from 0 to 1.",
                        "Divide percent by 100.",
                        () -> Randoms.dropout(Eager.stream(1, 1), VECTOR, 50)));
    }

    private static Stream<ErrorEntry> views() {
        return Stream.of(
                entry(
                        "flatten-order",
                        "Flattening is to end at an axis before the one that it begins at.",
                        "Name the first axis first.",
                        () -> Views.flatten(MATRIX, 1, 0)),
                entry(
                        "slice-step",
                        "A slice's step is 0 or negative.",
                        "Use `flip` and a positive step to walk backwards.",
                        () -> Views.slice(VECTOR, 0, 2, 0, -1)),
                entry(
                        "select-range",
                        "One position of an axis is asked for that it does not have.",
                        "Positions count from 0, or from -1 at the end.",
                        () -> Views.select(VECTOR, 0, 3)),
                entry(
                        "stack-shapes",
                        "Tensors to stack differ in shape.",
                        "Bring them to one shape, or use `concat` to join along an axis that they have.",
                        () -> Views.stack(0, MATRIX, VECTOR)),
                entry(
                        "split-sizes",
                        "The sizes of the parts of a split do not add up to the axis.",
                        "Give all parts; use `narrow` to take one.",
                        () -> Views.split(VECTOR, 0, 1, 1)));
    }

    private static Stream<ErrorEntry> lookups() {
        return Stream.of(
                entry(
                        "index-rank",
                        "The positions to take from an axis are no vector.",
                        "Flatten them, or use `gather` to take other positions in each row.",
                        () -> Indexing.indexSelect(MATRIX, 0, tensor(Shape.of(1, 2), 0L, 1L))),
                entry(
                        "masked-select-tracing",
                        "The elements under a mask are asked for while a graph is traced, so that the result has no"
                                + " known size.",
                        "Keep the shape with `where` or `maskedFill`, or run eagerly.",
                        () -> {
                            Tensor x = new Trace().input("x", VECTOR.type());
                            Indexing.maskedSelect(x, Logic.greater(x, 0));
                        }),
                entry(
                        "topk-count",
                        "More elements are asked for than an axis has.",
                        "Ask for at most its size.",
                        () -> Sorting.topk(VECTOR, 4, 0)),
                entry(
                        "quantile",
                        "A quantile's fraction is not from 0 to 1, or there are no elements.",
                        "Divide percent by 100; check the size first.",
                        () -> Sorting.quantile(VECTOR, 95, 0)));
    }

    private static Stream<ErrorEntry> numbers() {
        return Stream.of(
                entry(
                        "norm-order",
                        "A norm is asked for whose order is negative or no number.",
                        "Use 2 for the Euclidean norm, 1 for the sum of absolute values, infinity for the largest.",
                        () -> Reductions.norm(VECTOR, -1)),
                entry(
                        "arange-step",
                        "Steps from one number never reach the other.",
                        "Let the step lead from the first number to the second.",
                        () -> Constants.arange(new Eager(), Type.FLOAT64, 0, 1, -0.5)),
                entry(
                        "randint-range",
                        "Whole numbers are drawn from an empty range.",
                        "The upper end is not included: give a larger one.",
                        () -> Randoms.randint(Eager.stream(1, 1), Shape.of(3), 5, 5)));
    }

    private static ErrorEntry entry(String kind, String when, String remedy, ThrowingCallable cause) {
        return new ErrorEntry(kind, when, remedy, cause);
    }
}
