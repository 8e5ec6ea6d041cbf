package org.gradus.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.bench.side.Row;
import org.gradus.bench.side.Work;

/// What the machine can do at most: a loop that multiplies and adds in registers, and one that streams through memory.
/// Every thread does the same, so the peak is that of all of them.
final class Machine implements Work {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int SUMS = 12; // enough to keep two units of latency 4 busy, and few enough for 16 registers
    private static final int ROUNDS = 1 << 20;
    private static final int NUMBERS = 16 << 20;

    private final ExecutorService pool;
    private final List<Callable<Float>> parts;
    private final long flops;
    private final long bytes;

    private Machine(List<Callable<Float>> parts, long flops, long bytes) {
        this.parts = parts;
        this.flops = flops;
        this.bytes = bytes;
        this.pool = Executors.newFixedThreadPool(
                parts.size(), Thread.ofPlatform().daemon().factory());
    }

    static Work work(Row row, int threads) {
        List<Callable<Float>> parts = new ArrayList<>();
        if (row.name().equals("machine-peak")) {
            for (int i = 0; i < threads; i++) {
                float start = i;
                parts.add(() -> multiplyAndAdd(start));
            }
            return new Machine(parts, 2L * SUMS * SPECIES.length() * ROUNDS * threads, 0);
        }
        int each = NUMBERS / threads;
        for (int i = 0; i < threads; i++) {
            float[] a = new float[each];
            float[] b = new float[each];
            float[] c = new float[each];
            parts.add(() -> stream(a, b, c));
        }
        return new Machine(parts, 0, 3L * Float.BYTES * each * threads);
    }

    private static float multiplyAndAdd(float start) {
        FloatVector by = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector plus = FloatVector.broadcast(SPECIES, 1);
        FloatVector a = FloatVector.broadcast(SPECIES, start);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector e = a;
        FloatVector f = a;
        FloatVector g = a;
        FloatVector h = a;
        FloatVector i = a;
        FloatVector j = a;
        FloatVector k = a;
        FloatVector l = a;
        for (int round = 0; round < ROUNDS; round++) {
            a = a.fma(by, plus);
            b = b.fma(by, plus);
            c = c.fma(by, plus);
            d = d.fma(by, plus);
            e = e.fma(by, plus);
            f = f.fma(by, plus);
            g = g.fma(by, plus);
            h = h.fma(by, plus);
            i = i.fma(by, plus);
            j = j.fma(by, plus);
            k = k.fma(by, plus);
            l = l.fma(by, plus);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
    }

    private static float stream(float[] a, float[] b, float[] c) {
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + 3 * c[i];
        }
        return a[0];
    }

    @Override
    public void run() {
        try {
            for (var part : pool.invokeAll(parts)) {
                if (Float.isNaN(part.get())) {
                    throw new IllegalStateException("The loop has gone wrong.");
                }
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The loop did not end.", e);
        }
    }

    @Override
    public float[] check() {
        return new float[0];
    }

    @Override
    public long flops() {
        return flops;
    }

    @Override
    public long bytes() {
        return bytes;
    }
}
