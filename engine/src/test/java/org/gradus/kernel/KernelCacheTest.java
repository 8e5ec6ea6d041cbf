package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.Philox;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.expr.Body;
import org.gradus.expr.Code;
import org.gradus.graph.Scope.Mode;
import org.gradus.graph.Tensor;
import org.gradus.ops.Elementwise;
import org.gradus.ops.Products;
import org.gradus.run.Session;
import org.gradus.run.StepFunction;
import org.junit.jupiter.api.Test;

/// Kernels are kept by what they are, up to a number, and made once.
class KernelCacheTest {
    @Test
    void keepsThoseAskedForLast() {
        AtomicInteger made = new AtomicInteger();
        KernelCache<String, Integer> cache = new KernelCache<>(2, _ -> made.incrementAndGet());
        assertThat(List.of(cache.get("a"), cache.get("b"), cache.get("a"), cache.get("c"), cache.get("a")))
                .containsExactly(1, 2, 1, 3, 1);
        assertThat(cache.get("b")).as("made again").isEqualTo(4);
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void threadsGetOneKernel() throws InterruptedException {
        Set<Kernel> seen = ConcurrentHashMap.newKeySet();
        Body body = Body.of(1, x -> List.of(x.get(0).times(0.123456).with(Code.SIN)));
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofPlatform()
                        .start(() -> seen.add(new MapKernel(
                                        body,
                                        Type.FLOAT32,
                                        List.of(new MapKernel.Input(Type.FLOAT32, MapKernel.Access.FLAT)),
                                        0,
                                        1)
                                .kernel())))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(seen).hasSize(1);
    }

    /// What nothing refers to goes, with its class: otherwise the number of kernels would bound nothing.
    @Test
    void aKernelThatNobodyHasIsUnloaded() throws InterruptedException {
        WeakReference<Class<?>> kind = new WeakReference<>(
                KernelClass.emit(Kernel.class, "forgotten", Type.FLOAT32, 1, e -> e.comment("nothing"))
                        .getClass());
        for (int i = 0; i < 100 && kind.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(kind.get()).isNull();
    }

    /// A second session with the same network runs on the kernels of the first.
    @Test
    void anEqualPlanMakesNoKernel() {
        Array x = Array.zeros(TensorType.of(Type.FLOAT32, 33, 21));
        Philox random = Philox.of(1, 2, 3);
        for (int i = 0; i < x.count(); i++) {
            x.set(i, random.normal(Type.FLOAT32, i));
        }
        StepFunction function = (scope, in) -> {
            Tensor y = Products.matmul(in.get(0), in.get(0).transposed()).tanh();
            return List.of(Elementwise.pow(Elementwise.abs(y).plus(0.321), 1.7).sum(0));
        };
        List<Array> first =
                new Session(1, Type.FLOAT32).step("first", Mode.EVAL, function).run(x);
        long made = KernelClass.defined();
        List<Array> second =
                new Session(2, Type.FLOAT32).step("second", Mode.EVAL, function).run(x);
        assertThat(KernelClass.defined()).isEqualTo(made);
        assertThat(second.get(0).toDoubles()).isEqualTo(first.get(0).toDoubles());
    }
}
