package org.gradus.bench.side;

import java.util.List;
import java.util.stream.Collectors;

/// One thing that is timed: its name, how many samples one run handles (0 where that says nothing), and what it is.
public record Row(String name, int samples, String what) {
    /// What one run of a network trains on, forward and backward.
    private static final String STEP = "training step: ";

    /// Time to the first and to the 100th step, and what a process takes.
    public static final Row COLD = new Row("cold", 64, "LeNet from process start");

    /// All other rows, in the table's order.
    public static final List<Row> ALL = List.of(
            product("64"),
            product("128"),
            product("256"),
            product("512"),
            product("1024"),
            product("2048"),
            product("64x512x784-nt"),
            product("64x256x512-nt"),
            product("64x10x256-nt"),
            product("64x500x800-nt"),
            product("64x10x500-nt"),
            product("64x512x256-nn"),
            product("64x800x500-nn"),
            product("512x784x64-tn"),
            product("500x800x64-tn"),
            product("10x256x64-tn"),
            new Row("mlp", 64, STEP + "784-512-256-10"),
            new Row("lenet", 64, STEP + "Caffe's LeNet"),
            new Row("lenet-deep", 64, STEP + "LeNet, deeply supervised"),
            new Row("bnconv", 64, STEP + "32-32-M-64-64-M-128-128-M-10 with batch norm, 32x32x3"),
            new Row("resnet20", 128, STEP + "ResNet-20, 32x32x3"),
            new Row("batchnorm", 64, "forward and backward, 64x64x32x32"),
            new Row("layernorm", 4096, "forward and backward, 4096x1024"),
            new Row("crossentropy", 4096, "of softmax, forward and backward, 4096x1024"),
            new Row("conv-forward", 64, "3x3, 64x32x32x32 -> 32"),
            new Row("conv-input", 64, "its gradient by the input"),
            new Row("conv-weight", 64, "its gradient by the weight"),
            new Row("elementwise", 0, "tanh(1.3x + 0.1) sigmoid(x) + relu(x), 4 M numbers, forward and backward"),
            new Row("momentum", 0, "update of 10 M parameters, SGD with momentum"),
            new Row("adam", 0, "update of 10 M parameters, Adam"),
            new Row("lenet-infer-1", 1, "inference, Caffe's LeNet"),
            new Row("lenet-infer-256", 256, "inference, Caffe's LeNet"));

    /// Whether it is [#COLD]. By its name, as to compare records for the first time takes Java milliseconds, which are measured.
    public boolean isCold() {
        return name.equals(COLD.name);
    }

    /// The row of this name.
    public static Row of(String name) {
        return java.util.stream.Stream.of(List.of(COLD), ALL)
                .flatMap(List::stream)
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no row " + name + "; there are "
                        + ALL.stream().map(Row::name).collect(Collectors.joining(" ")) + "."));
    }

    /// Whether it trains a network: what sides agree on are then the losses of 20 steps.
    public boolean isTraining() {
        return what.startsWith(STEP);
    }

    private static Row product(String sizes) {
        return new Row("gemm-" + sizes, 0, "matrix product");
    }
}
