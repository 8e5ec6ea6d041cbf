package org.gradus.expr;

/// The special functions that `StrictMath` lacks, for [Evaluation]. Everything here is plain `double` arithmetic,
/// `fma`, `sqrt` and `StrictMath`, all of which the language defines to the last bit, so a result is the same on
/// every machine, interpreted or compiled.
///
/// The error function, log-gamma and digamma follow the forms of W. J. Cody and his co-authors: a factor that carries
/// zeros and growth, times a short constant plus a small rational function, so that the rounding of the rational part
/// hardly counts. The coefficients are our own: each pair of numerator and denominator (lowest power first) takes the
/// true values at the Chebyshev nodes of its interval, solved with 70 digits.
///
/// NaN gives NaN everywhere. The error that a function states is the largest found on dense grids, against 40-digit
/// values, in units in the last place (ulp) of the true result.
///
/// - Cody: *Rational Chebyshev approximations for the error function*, Math. Comp. 23 (1969).
/// - Cody, Hillstrom: *Chebyshev approximations for the natural logarithm of the gamma function*, Math. Comp. 21
///   (1967).
/// - Cody, Strecok, Thacher: *Chebyshev approximations for the psi function*, Math. Comp. 27 (1973).
/// - Abramowitz, Stegun: *Handbook of Mathematical Functions*, 1964, chapters 4, 6, 7 and 23.
final class Special {
    // erf(x) / x - 1 in x², for |x| <= 1/2.
    private static final double[] ERF_P = {
        0.1283791670955126, -0.3182313439110336, -0.04576815143545733, -0.007187139260548562, -0.00028635008527608225
    };
    private static final double[] ERF_Q = {
        1.0, 0.4509691597993518, 0.08580312323455648, 0.008299086420556764, 0.00035166476084434685
    };

    // x exp(x²) erfc(x) - 7/16 in x, for 1/2 <= x <= 3.
    private static final double[] MIDDLE_P = {
        -0.43749999997590194,
        -0.24941359120950804,
        0.10555625102029438,
        0.23000773785989936,
        0.15268940720668991,
        0.05848529185520576,
        0.013991912811371061,
        0.0019944606804939745,
        0.0001336544422879029
    };
    private static final double[] MIDDLE_Q = {
        1.0,
        2.8558024932652444,
        3.707124750587942,
        2.867860474834542,
        1.4529794343586868,
        0.49668425611894507,
        0.11279240782244437,
        0.015742856344582973,
        0.0010549765930014275
    };

    // x exp(x²) erfc(x) - 9/16 in 1/x², for x >= 3.
    private static final double[] TAIL_P = {
        0.001689583547756264,
        -0.23649967770748034,
        -6.760736193751714,
        -59.48336944983967,
        -204.51705822538295,
        -255.65545805565944,
        -78.27591247077896
    };
    private static final double[] TAIL_Q = {
        1.0,
        26.986007366653386,
        253.7511377278847,
        1028.3256958267525,
        1799.4112346448067,
        1182.9757760480243,
        191.5993616580769
    };

    // lgamma(x) / ((x - 1) (x - 2)) - 7/16 in x, for 3/4 <= x <= 3.
    private static final double[] LGAMMA_P = {
        2.2223975458643888,
        67.29007288959454,
        429.20183614983796,
        852.2699303661333,
        474.77480500287595,
        -133.29685997678058,
        -161.97907519151914,
        -35.69235376074588,
        -2.3986439014258245,
        -0.03748580156360901
    };
    private static final double[] LGAMMA_Q = {
        1.0, 57.476352273860535, 646.2383350016418, 2452.588683342762, 3837.7077149497404,
        2696.31128198724, 863.4209195498911, 120.21074870272997, 6.328560464691819, 0.08677182252977866
    };

    // digamma(1 + y) / (1 + y - r) - 3/4 in y, for 0 <= y <= 2; r is the positive root, in two parts below.
    private static final double[] PSI_P = {
        0.5003801375034054,
        0.290905509590345,
        -0.2524912945584762,
        -0.24378778884913682,
        -0.07058773851878859,
        -0.00856216223745524,
        -0.0004108826567418395,
        -5.492412098955648e-06
    };
    private static final double[] PSI_Q = {
        1.0,
        2.2894571233542136,
        1.9022022748824643,
        0.7470495002328587,
        0.14810832904594673,
        0.014396602345897333,
        0.0006000004112100302,
        7.3778476243478865e-06
    };
    private static final double PSI_ROOT = 0.46163214496836236;
    private static final double PSI_ROOT_REST = -1.5522348162858677e-17;

    // The Bernoulli numbers B(2), B(4) ... B(20), and what the three asymptotic series make of them: B(2k) over
    // 2k (2k - 1), over 2k, and over (2k)!.
    private static final double[] BERNOULLI = {
        1.0 / 6,
        -1.0 / 30,
        1.0 / 42,
        -1.0 / 30,
        5.0 / 66,
        -691.0 / 2730,
        7.0 / 6,
        -3617.0 / 510,
        43867.0 / 798,
        -174611.0 / 330
    };
    private static final double[] STIRLING = new double[BERNOULLI.length];
    private static final double[] DIGAMMA = new double[BERNOULLI.length];
    private static final double[] EULER_MACLAURIN = new double[BERNOULLI.length];

    static {
        for (int i = 0; i < BERNOULLI.length; i++) {
            int even = 2 * i + 2;
            STIRLING[i] = BERNOULLI[i] / (even * (even - 1));
            DIGAMMA[i] = BERNOULLI[i] / even;
            EULER_MACLAURIN[i] = BERNOULLI[i] / factorial(even);
        }
    }

    private static final double LN2 = 0.6931471805599453;
    private static final double LOG2_E = 1.4426950408889634;
    private static final double LOG2_E_REST = 2.0355273740931033e-17;
    private static final double HALF_LOG_TAU_LESS_HALF = 0.4189385332046727;
    private static final double EXP_MINUS_100 = 3.720075976020836e-44;

    // The largest n whose n! is a double.
    private static final int LAST_FACTORIAL = 170;

    private Special() {}

    /// The error function, 2/√π ∫₀ˣ exp(-t²) dt. Odd, with -0 kept; ±1 at ±∞. Error: 1.6 ulp,
    /// and 0.9 ulp for |x| < 1/2.
    ///
    /// Cody 1969: x (1 + R(x²)) near zero, the complement of [#erfc] elsewhere.
    static double erf(double x) {
        double size = Math.abs(x);
        return size < 0.5 ? erfNearZero(x) : Math.copySign(1 - erfcFromHalf(size), x);
    }

    /// The complement 1 - erf(x), without the cancellation: positive until it underflows at 27.23. Error: 3.3 ulp, and
    /// under 1 ulp for x < 1/2.
    ///
    /// Cody 1969: exp(-x²) R(x) / x up to 3 and exp(-x²) R(1/x²) / x beyond.
    static double erfc(double x) {
        if (x <= -0.5) {
            return 2 - erfcFromHalf(-x);
        }
        if (x < 0.25) {
            return 1 - erfNearZero(x);
        }
        // 1/2 and x - 1/2 are exact here, so only the small product is rounded before the last two sums.
        return x < 0.5 ? 0.5 - (x - 0.5 + x * ratio(ERF_P, ERF_Q, x * x)) : erfcFromHalf(x);
    }

    private static double erfNearZero(double x) {
        return x + x * ratio(ERF_P, ERF_Q, x * x);
    }

    /// erfc for x >= 1/2. The rounding error of the square, which the exponential would magnify, goes into the scaled
    /// function; where exp(-x²) alone would come close to the subnormal numbers, it is taken e¹⁰⁰ too large.
    private static double erfcFromHalf(double x) {
        if (x > 28) {
            return 0;
        }
        double square = x * x;
        double rest = Math.fma(x, x, -square);
        double main = x < 3 ? 0.4375 : 0.5625;
        double small = x < 3 ? ratio(MIDDLE_P, MIDDLE_Q, x) : ratio(TAIL_P, TAIL_Q, 1 / square);
        double scaled = main + (small - (main + small) * rest);
        return square < 704
                ? StrictMath.exp(-square) * scaled / x
                : StrictMath.exp(100 - square) * scaled / x * EXP_MINUS_100;
    }

    /// log |Γ(x)|. +∞ at 0, -1, -2 ... and at ±∞. Error: 3.5 ulp for x > -2, the zeros at 1 and 2 included,
    /// where the result is exact. Further left, where zeros lie that no double hits, 2.5 ulp of the largest of 1,
    /// |lgamma(x)| and lgamma(-x).
    ///
    /// Cody and Hillstrom 1967 up to 3, the recurrence up to 8, Stirling's series beyond (Abramowitz and Stegun
    /// 6.1.15 and 6.1.41), reflection for x < 0 (6.1.17).
    static double lgamma(double x) {
        if (x < 0) {
            return lgammaOfNegative(-x);
        }
        if (x < 0.75) {
            return lgammaOfOnePlus(x) - StrictMath.log(x);
        }
        if (x <= 3) {
            return lgammaOfOnePlus(x - 1);
        }
        if (x < 8) {
            double product = 1;
            double base = x;
            while (base > 3) {
                base -= 1;
                product *= base;
            }
            return lgammaOfOnePlus(base - 1) + StrictMath.log(product);
        }
        double inverse = 1 / x;
        double series = inverse * polynomial(STIRLING, inverse * inverse);
        return (x - 0.5) * (StrictMath.log(x) - 1) + (HALF_LOG_TAU_LESS_HALF + series);
    }

    /// log Γ(1 + y) for -1/4 <= y <= 2. The factors keep the zeros at y = 0 and y = 1 exact; adding 0 makes both
    /// positive.
    private static double lgammaOfOnePlus(double y) {
        return y * (y - 1) * (0.4375 + ratio(LGAMMA_P, LGAMMA_Q, 1 + y)) + 0.0;
    }

    /// log |Γ(-a)| for a > 0, from Γ(-a) Γ(1 + a) = -π / sin(πa).
    private static double lgammaOfNegative(double a) {
        double fraction = Math.abs(a - Math.rint(a));
        if (fraction == 0 || a == Double.POSITIVE_INFINITY) {
            return Double.POSITIVE_INFINITY;
        }
        if (a < 0x1p-60) {
            return -StrictMath.log(a);
        }
        double sine = StrictMath.sin(Math.PI * fraction);
        return a <= 2
                ? StrictMath.log(Math.PI / sine) - lgammaOfOnePlus(a)
                : StrictMath.log(Math.PI / (a * sine)) - lgamma(a);
    }

    /// The derivative of order `n + 1` of log Γ: digamma for n = 0, trigamma for n = 1.
    ///
    /// Poles as in PyTorch: digamma(±0) = ∓∞ and digamma(-1), digamma(-2) ... = NaN; for n > 0 all of them are
    /// the limit from the right, +∞ for odd n and -∞ for even n. NaN at -∞.
    ///
    /// Error for x > 0: 2.5 ulp for n = 0, its zero at 1.46 included; 3.6 ulp for n up to 100. For x < 0, with f
    /// the distance to the next integer above: 3.4 ulp of the largest of the result and the terms at f, 1 - f and
    /// 1 - x that it is the sum of; from n = 150 on, two of these may overflow and leave NaN.
    ///
    /// Digamma: Cody, Strecok and Thacher 1973 with the root factored out, the recurrence up to 10, the asymptotic
    /// series beyond (Abramowitz and Stegun 6.3.5 and 6.3.18). The others are n! ζ(n + 1, x), Hurwitz's zeta
    /// function by the Euler-Maclaurin formula (6.4.10 and 23.1.30).
    ///
    /// @throws IllegalArgumentException when `n` is negative
    static double polygamma(int n, double x) {
        if (n < 0) {
            throw new IllegalArgumentException("polygamma: the order is " + n + ", but it counts derivatives from 0.");
        }
        if (Double.isNaN(x)) {
            return x;
        }
        if (x > 0) {
            return n == 0 ? digamma(x) : sign(n + 1) * factorialTimesZeta(n, x);
        }
        if (x == 0 && n == 0) {
            return Math.copySign(Double.POSITIVE_INFINITY, -x);
        }
        if (x == Math.rint(x)) {
            return n == 0 || Double.isInfinite(x) ? Double.NaN : sign(n + 1) * Double.POSITIVE_INFINITY;
        }
        // Of Hurwitz's sum, the terms left of zero are mirrored: the difference of two sums to infinity.
        double a = -x;
        double fraction = a - Math.floor(a);
        return polygamma(n, 1 - fraction) + sign(n + 1) * (polygamma(n, fraction) - polygamma(n, 1 + a));
    }

    private static double digamma(double x) {
        if (x < 1) {
            return digammaOfOnePlus(x) - 1 / x;
        }
        if (x < 10) {
            double sum = 0;
            double base = x;
            while (base > 3) {
                base -= 1;
                sum += 1 / base;
            }
            return sum + digammaOfOnePlus(base - 1);
        }
        double inverse = 1 / x;
        double square = inverse * inverse;
        return StrictMath.log(x) - (0.5 * inverse + square * polynomial(DIGAMMA, square));
    }

    /// digamma(1 + y) for 0 <= y <= 2.
    private static double digammaOfOnePlus(double y) {
        return (y - PSI_ROOT - PSI_ROOT_REST) * (0.75 + ratio(PSI_P, PSI_Q, y));
    }

    /// n! ζ(n + 1, x) for n > 0 and x > 0: terms of Hurwitz's sum, from the smallest, after what the Euler-Maclaurin
    /// formula makes of the rest; all are multiples of the first one.
    private static double factorialTimesZeta(int n, double x) {
        if (x == Double.POSITIVE_INFINITY) {
            return 0;
        }
        double s = n + 1.0;
        int terms = (int) Math.max(0, Math.ceil(s + 7 - x));
        double end = x + terms;
        double series = 0;
        double rising = s / end;
        for (int i = 0; i < EULER_MACLAURIN.length; i++) {
            series += EULER_MACLAURIN[i] * rising;
            rising *= (s + 2 * i + 1) / end * ((s + 2 * i + 2) / end);
        }
        double sum = (end / n + (0.5 + series)) * relativeTerm(x, terms, s);
        for (int k = terms - 1; k >= 0; k--) {
            sum += relativeTerm(x, k, s);
        }
        double power = StrictMath.pow(x, -s);
        return n <= LAST_FACTORIAL && power > 0x1p-1000
                ? factorial(n) * power * sum
                : factorialTimesPower(n, x) * (sum / x);
    }

    /// (x / (x + k))ˢ. The power would magnify the rounding errors of sum and quotient: both are recovered and put
    /// back to first order.
    private static double relativeTerm(double x, double k, double s) {
        double sum = x + k;
        double part = sum - x;
        double sumRest = (x - (sum - part)) + (k - part);
        double quotient = x / sum;
        double quotientRest = (Math.fma(-quotient, sum, x) - quotient * sumRest) / x;
        double power = StrictMath.pow(quotient, s);
        return Math.fma(power, s * quotientRest, power);
    }

    /// n! x⁻ⁿ, also where one factor leaves the range of a double and the product does not.
    private static double factorialTimesPower(int n, double x) {
        if (n > LAST_FACTORIAL) {
            return StrictMath.exp(lgamma(n + 1.0) - n * StrictMath.log(x));
        }
        double half = StrictMath.pow(x, -0.5 * n);
        return factorial(n) * half * half;
    }

    /// n!, with the rounding errors of the products added at the end.
    private static double factorial(int n) {
        double product = 1;
        double rest = 0;
        for (int i = 2; i <= n; i++) {
            double next = product * i;
            rest = rest * i + Math.fma(product, i, -next);
            product = next;
        }
        return product + rest;
    }

    private static double sign(int power) {
        return (power & 1) == 0 ? 1 : -1;
    }

    /// The logistic function 1 / (1 + exp(-x)), by the form whose exponential is at most 1; exactly 0 and 1 at the far
    /// ends. Error: 2.2 ulp.
    static double sigmoid(double x) {
        double small = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? small : 1) / (1 + small);
    }

    /// The inverse of sinh (Abramowitz and Stegun 4.6.20), without cancellation near zero and without squares of huge
    /// values. Odd, with -0 kept. Error: 1.6 ulp.
    static double asinh(double x) {
        double size = Math.abs(x);
        if (size < 0x1p-28) {
            return x;
        }
        double square = size * size;
        double value;
        if (size > 0x1p28) {
            value = StrictMath.log(size) + LN2;
        } else if (size > 2) {
            value = StrictMath.log(2 * size + 1 / (Math.sqrt(square + 1) + size));
        } else {
            value = StrictMath.log1p(size + square / (1 + Math.sqrt(square + 1)));
        }
        return Math.copySign(value, x);
    }

    /// The inverse of cosh that is not negative (Abramowitz and Stegun 4.6.21); NaN below 1. Error: 2.4 ulp.
    static double acosh(double x) {
        if (x > 0x1p28) {
            return StrictMath.log(x) + LN2;
        }
        if (x > 2) {
            return StrictMath.log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
        }
        if (x < 1) {
            return Double.NaN;
        }
        double above = x - 1;
        return StrictMath.log1p(above + Math.sqrt(above * (x + 1)));
    }

    /// The inverse of tanh (Abramowitz and Stegun 4.6.22). Odd, with -0 kept; ±∞ at ±1, NaN beyond.
    /// Error: 1.8 ulp.
    static double atanh(double x) {
        double size = Math.abs(x);
        double twice = 2 * size;
        double ratio = size < 0.5 ? twice + twice * size / (1 - size) : twice / (1 - size);
        return Math.copySign(0.5 * StrictMath.log1p(ratio), x);
    }

    /// The logarithm to base 2: the exponent, which is exact, plus that of a mantissa in (3/4, 3/2]. So powers of two
    /// are exact. -∞ at 0, NaN below. Error: 2 ulp.
    static double log2(double x) {
        if (!(x > 0 && x < Double.POSITIVE_INFINITY)) {
            return StrictMath.log(x);
        }
        double normal = x < Double.MIN_NORMAL ? x * 0x1p54 : x;
        int exponent = Math.getExponent(normal);
        double mantissa = Math.scalb(normal, -exponent);
        if (mantissa > 1.5) {
            mantissa *= 0.5;
            exponent++;
        }
        double log = StrictMath.log(mantissa);
        return (x < Double.MIN_NORMAL ? exponent - 54 : exponent) + Math.fma(log, LOG2_E, log * LOG2_E_REST);
    }

    /// One polynomial over another.
    private static double ratio(double[] over, double[] under, double x) {
        return polynomial(over, x) / polynomial(under, x);
    }

    private static double polynomial(double[] coefficients, double x) {
        double value = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            value = Math.fma(value, x, coefficients[i]);
        }
        return value;
    }
}
