package org.gradus.kernel;

import org.gradus.kernel.Arithmetic.Comparison;
import org.gradus.kernel.Value.Mask;
import org.gradus.kernel.Value.Numbers;

/// The error function and its complement, as sequences of `fma`, products, sums, quotients and bit operations.
///
/// Near zero erf(x) / x is a polynomial in x². Elsewhere `float32` takes 1 - exp(p(|x|)) with a polynomial for the
/// logarithm of erfc. The complement is exp(-x²) p(t) / (1 + 2x) with t = (x - k) / (x + k), which maps all x ≥ 0 to
/// -1 ≤ t ≤ 1 (Shepherd and Laframboise, *Chebyshev approximation of (1 + 2x) exp(x²) erfc x*, Math. Comp. 36, 1981);
/// what rounding took away from x² goes into the exponent. The coefficients are minimax fits of our own, lowest first.
///
/// Errors stated are the largest found against the interpreter, in units in the last place: `float32` / `float64`.
final class ErrorFunctions {
    private static final double[] NEAR_32 = {
        0.12837915f, -0.376125f, 0.112818696f, -0.026768f, 0.004994538f, -0.00059948274f
    };
    private static final double[] NEAR_64 = {
        0.1283791670955126,
        -0.37612638903184115,
        0.11283791670972569,
        -0.02686617064840139,
        0.00522397765676607,
        -0.0008548328762911031,
        0.00012055392568859782,
        -1.492693674704139e-05,
        1.6479290462123101e-06,
        -1.6495426758190224e-07,
        1.5181871383938444e-08,
        -1.101528507951523e-09
    };
    private static final double[] LOG_32 = {
        -1.1286371f, -0.63519806f, -0.10615898f, 0.023694497f, -0.0036103267f, 0.0003148675f, -1.0436575e-05f
    };
    private static final double[] TAIL_32 = {
        1.2769784f,
        -0.092763886f,
        -0.16603138f,
        0.16405292f,
        -0.054205f,
        -0.008042631f,
        0.00863823f,
        0.0012672534f,
        -0.0012552997f,
        -0.0003581319f,
        3.0579497e-05f
    };
    private static final double[] TAIL_64 = {
        1.2329951186255526,
        -0.13962111684056253,
        0.015379652102619676,
        0.06809705425469538,
        -0.1010390660363008,
        0.09373283499825341,
        -0.06633036581229239,
        0.0371675155390462,
        -0.01619773405695503,
        0.0050319699640159025,
        -0.0007577732946001293,
        -0.0001992566192294529,
        0.0001506217065928215,
        -2.4399469692000498e-05,
        -1.122214835782852e-05,
        5.710269680385892e-06,
        2.9413001058736106e-07,
        -8.260807390407408e-07,
        7.409504520000554e-08,
        1.1042743513058951e-07,
        -1.7424554014260434e-08,
        -1.4097617409268157e-08,
        1.6510254373444857e-09,
        1.1925000635818282e-09
    };

    private ErrorFunctions() {}

    /// 2/√π ∫₀ˣ exp(-t²) dt; 1.1 / 2.0 ulp.
    static Numbers erf(Emitter e, Numbers x) {
        boolean single = Exponentials.single(e);
        Numbers size = e.abs(x);
        Numbers near = near(e, size);
        Numbers one = e.constant(1);
        Numbers complement;
        if (single) {
            Numbers most = e.constant(4);
            Numbers within = e.select(e.compare(size, Comparison.GT, most), most, size);
            Numbers log = e.times(within, Exponentials.polynomial(e, within, LOG_32));
            complement = Exponentials.expOfModest(e, log);
        } else {
            complement = complement(e, size);
        }
        Mask isNear = e.compare(size, Comparison.LT, e.constant(single ? 0.92 : 0.88));
        return Exponentials.withSign(e, e.select(isNear, near, e.minus(one, complement)), x);
    }

    /// 1 - erf(x) without the cancellation; 4.5 / 4.0 ulp.
    static Numbers erfc(Emitter e, Numbers x) {
        Numbers size = e.abs(x);
        Numbers far = complement(e, size);
        Numbers near = e.minus(e.constant(1), near(e, size));
        Numbers right = e.select(e.compare(size, Comparison.LT, e.constant(0.5)), near, far);
        Mask left = e.compare(x, Comparison.LT, e.constant(0));
        return e.select(left, e.minus(e.constant(2), right), right);
    }

    private static Numbers near(Emitter e, Numbers x) {
        double[] series = Exponentials.single(e) ? NEAR_32 : NEAR_64;
        return e.fma(Exponentials.polynomial(e, e.times(x, x), series), x, x);
    }

    /// erfc for x >= 0.
    private static Numbers complement(Emitter e, Numbers x) {
        boolean single = Exponentials.single(e);
        Numbers most = e.constant(single ? 10.5 : 27.5);
        Numbers within = e.select(e.compare(x, Comparison.GT, most), most, x);
        Numbers k = e.constant(single ? 2 : 4);
        Numbers t = e.over(e.minus(within, k), e.plus(within, k));
        Numbers scaled = Exponentials.polynomial(e, t, single ? TAIL_32 : TAIL_64);
        Numbers factor = e.over(scaled, e.fma(e.constant(2), within, e.constant(1)));
        Numbers square = e.negated(e.times(within, within));
        Numbers rest = e.negated(e.fma(within, within, square));
        return Exponentials.scaled(e, square, rest, factor);
    }
}
