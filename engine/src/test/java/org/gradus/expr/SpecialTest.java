package org.gradus.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// [Special] against reference values: 60-digit ones of mpmath for the exact `double` arguments, rounded once. A bound
/// is the error that the function states, in ulp of the true value, plus the half ulp that the reference was rounded
/// by. A row holds the arguments and the value.
class SpecialTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static final String ERF = """
        -5.5 -0.9999999999999927, -2.0 -0.9953222650189527, -0.7 -0.6778011938374184, -0.1 -0.1124629160182849,
        1e-300 1.1283791670955126e-300, 1e-20 1.1283791670955125e-20, 1e-09 1.1283791670955127e-09,
        0.001 0.0011283787909692365, 0.05 0.05637197779701663, 0.1 0.1124629160182849, 0.25 0.27632639016823696,
        0.3 0.3286267594591274, 0.4 0.42839235504666845, 0.49999 0.5204910899433182, 0.5 0.5204998778130465,
        0.6568935692021391 0.6471045882757064, 0.75 0.7111556336535151, 0.9 0.7969082124228322,
        1.0 0.8427007929497149, 1.25 0.9229001282564583, 1.5 0.9661051464753108, 1.8 0.9890905016357308,
        2.2 0.9981371537020182, 2.7 0.9998656672600594, 3.1 0.9999883513426328, 4.0 0.9999999845827421,
        5.0 0.9999999999984626, 5.8 0.9999999999999998
        """;

    private static final String ERFC = """
        -5.9 2.0, -3.0 1.9999779095030015, -1.3 1.9340079449406524, -0.5 1.5204998778130465,
        -0.1 1.1124629160182848, 1e-300 1.0, 1e-09 0.9999999988716208, 0.05 0.9436280222029834,
        0.2 0.7772974107895215, 0.25 0.7236736098317631, 0.3 0.6713732405408726, 0.45 0.5245182802130763,
        0.5 0.4795001221869535, 0.6 0.3961439091520741, 0.9 0.20309178757716786, 1.1 0.11979493042591827,
        1.7 0.01620954140922544, 2.2 0.0018628462979818898, 2.9999 2.210442648216091e-05,
        3.0 2.209049699858544e-05, 3.3 3.0577097964381654e-06, 4.0 1.541725790028002e-08,
        5.5 7.357847917974398e-15, 8.0 1.1224297172982926e-29, 10.0 2.088487583762545e-45,
        15.0 7.212994172451207e-100, 20.0 5.395865611607901e-176, 24.4 6.340281221916943e-261,
        26.0 5.663192408856143e-296, 26.5 2.2109076642637343e-307, 26.54 2.6455581744685104e-308
        """;

    private static final String LGAMMA = """
        -100.5 -364.90096830942736, -20.3 -41.887292480135244, -1.999 6.215532330199284,
        -1.73 0.9733394630625558, -1.2 1.5791760340399836, -0.99 4.609530213895522, -0.5 1.2655121234846454,
        -0.2 1.7614975908339379, -1e-05 11.512931237209125, -1e-30 69.07755278982137, 1e-310 713.8013788281542,
        1e-200 460.51701859880916, 1e-18 41.44653167389282, 1e-05 11.512919692895826, 0.01 4.599479878042022,
        0.1 2.252712651734206, 0.3 1.0957979948180756, 0.5 0.5723649429247001, 0.74 0.2142675463050807,
        0.76 0.19254856099359, 0.83 0.12412475333381663, 0.95 0.030968795237972926,
        0.99999 5.772238896093089e-06, 1.000001 -5.772148423874147e-07, 1.05 -0.02685307250226019,
        1.2 -0.08537409000331583, 1.4616321449683622 -0.12148629053584961, 1.7 -0.09580769740706588,
        1.99 -0.004195529088791668, 2.0000001 4.227843666532498e-08, 2.3 0.15418945495963046,
        2.8 0.5167027919877467, 3.0 0.6931471805599453, 3.5 1.2009736023470743, 5.1 3.3297641684752244,
        7.99 8.50501160608848, 8.0 8.525161361065415, 10.43 13.779660515790304, 20.0 39.339884187199495,
        75.98 251.803922059612, 171.5 709.1431630309282, 10000.0 82099.71749644238,
        10000000000.0 220258509288.81058, 1e100 2.2925850929940456e102, 2.5e305 1.7555118602376452e308
        """;

    private static final String DIGAMMA = """
        -10.3 4.662403493582087, -2.9 -8.441500453619376, -1.25 3.714139120213528, -0.75 -2.894120200042932,
        -0.25 2.9141391202135276, -0.1 9.245073050052948, -1e-08 99999999.42278431,
        1e-300 -9.999999999999999e299, 1e-10 -10000000000.577215, 0.001 -1000.5755719318103,
        0.1 -10.423754940411076, 0.3 -3.502524222200133, 0.5 -1.9635100260214235, 0.75 -1.0858608797864722,
        0.99 -0.5937863040555952, 1.0 -0.5772156649015329, 1.1 -0.42375494041107664, 1.3 -0.16919088886679962,
        1.45 -0.011316422586445888, 1.4616321449683622 -9.241265521729427e-17,
        1.4616321449683625 1.2245374622004068e-16, 1.5 0.03648997397857652, 1.8 0.28499143329386156,
        2.0 0.42278433509846713, 2.3 0.6000398803639695, 2.9 0.8824999506377439, 3.0 0.9227843350984671,
        3.01 0.9267259898432608, 5.5 1.6110931485817512, 7.8 1.9886536906953096, 9.99 2.250700372831201,
        10.0 2.251752589066721, 13.7 2.5804557238996524, 25.0 3.198742512851974, 100.0 4.600161852738087,
        100000.0 11.512920464961896, 1000000000000000.0 34.538776394910684, 1e300 690.7755278982137
        """;

    private static final String POLYGAMMA = """
        1 1e-100 1e200, 1 0.001 1000001.6425331958, 1 0.2 26.267377205423777, 1 0.5 4.934802200544679,
        1 1.0 1.6449340668482264, 1 2.5 0.49035775610023485, 1 4.7 0.23699183867807336,
        1 9.3 0.11351462646351126, 1 12.0 0.08690187287176838, 1 50.0 0.020201333226697125,
        1 10000000000.0 1.00000000005e-10, 1 1e200 1e-200, 1 -0.3 13.945160267805722, 1 -4.5 9.67026201409973,
        1 -20.1 103.30730494582464, 2 1e-50 -2e150, 2 0.1 -2001.8614573783436, 2 0.7 -6.4349928741909235,
        2 2.5 -0.2362040516417274, 2 6.7 -0.025847875560663175, 2 30.0 -0.0011487652037286,
        2 100000.0 -1.00001000005e-10, 2 -0.2 245.56988429157832, 2 -3.9 -1998.710665266113,
        3 0.4 236.19525903394705, 3 1.0 6.493939402266829, 3 4.6 0.02819703071140558,
        3 15.0 0.0006544797782827373, 3 100.0 2.030199990001333e-06, 3 -2.5 194.74787621918762,
        5 0.3 164634.84609922304, 5 3.3 0.12084171431847723, 5 15.7 2.9420752949948247e-05,
        5 40.0 2.4938943509996704e-07, 10 0.1 -3.628800000012727e17, 10 2.2 -631.6662252340698,
        10 14.1 -1.6358370682327253e-06, 10 500.0 -3.753186359927035e-22, 20 0.4 -5.531778715944192e26,
        20 5.0 -5217.714221590228, 20 20.5 -1.1111455308704727e-09,
        20 100000000000000.0 -1.2164510040884416e-263
        """;

    private static final String SIGMOID = """
        -708.0 3.307553003638408e-308, -700.5 5.980196118639791e-305, -300.0 5.148200222412013e-131,
        -104.0 6.813556821545298e-46, -40.0 4.248354255291589e-18, -36.8 1.0422287905595919e-16,
        -20.0 2.0611536181902037e-09, -13.4 1.5151418164850468e-06, -5.0 0.0066928509242848554,
        -2.0 0.11920292202211756, -1.17 0.23685498427314458, -0.7 0.3318122278318339, -0.1 0.47502081252106,
        -1e-10 0.499999999975, 1e-300 0.5, 0.1 0.52497918747894, 0.5 0.6224593312018546, 1.0 0.7310585786300049,
        2.5 0.9241418199787564, 6.0 0.9975273768433652, 12.0 0.9999938558253978, 20.0 0.9999999979388464,
        30.0 0.9999999999999064, 36.5 0.9999999999999999
        """;

    private static final String ASINH = """
        -1e300 -691.4686750787737, -7.0 -2.644120761058629, -1.2 -1.015973134179692, -0.1 -0.09983407889920756,
        1e-300 1e-300, 1e-20 1e-20, 1e-09 1e-09, 3.7e-09 3.7e-09, 3.8e-09 3.8e-09, 0.0001 9.999999983333334e-05,
        0.01 0.009999833340832888, 0.12 0.11971385039877738, 0.3 0.29567304756342244, 0.5 0.48121182505960347,
        0.9 0.8088669356527824, 1.08 0.9368262511033136, 1.5 1.1947632172871092, 1.99 1.439154374037149,
        2.0 1.4436354751788103, 2.07 1.4745092096263, 3.0 1.8184464592320668, 8.0 2.7764722807237177,
        25.0 3.9124227656412556, 1000.0 7.600902709541988, 1000000.0 14.50865773852447,
        260000000.0 20.069339369539748, 270000000.0 20.107079697522593, 1e20 46.74484904044086,
        1e154 355.291251501643, 1e200 461.2101657793691, 1.7e308 710.4199840737882,
        1.7976931348623157e308 710.475860073944
        """;

    private static final String ACOSH = """
        1.0000000000000002 2.1073424255447014e-08, 1.000000001 4.4721361396399915e-05,
        1.00001 0.004472132228242651, 1.0018 0.059991003643048914, 1.01 0.14130376948564863,
        1.0295 0.24230595791656528, 1.1 0.4435682543851154, 1.2 0.6223625037147786, 1.35 0.8140001025611594,
        1.5 0.9624236501192069, 1.75 1.158810360429947, 1.99 1.3111650524067855, 2.0 1.3169578969248168,
        2.01 1.322712250248758, 2.17 1.4099743786441181, 3.0 1.762747174039086, 5.0 2.2924316695611777,
        12.0 3.176313180591656, 100.0 5.298292365610485, 100000.0 12.206072645505174,
        260000000.0 20.069339369539748, 270000000.0 20.107079697522593, 1e20 46.74484904044086,
        1e200 461.2101657793691, 1.7e308 710.4199840737882,
        1.7976931348623157e308 710.475860073944
        """;

    private static final String ATANH = """
        -0.8 -1.0986122886681098, -0.4 -0.42364893019360184, -0.05 -0.05004172927849127, 1e-300 1e-300,
        1e-20 1e-20, 1e-09 1e-09, 0.0001 0.00010000000033333334, 0.01 0.010000333353334763,
        0.1 0.10033534773107558, 0.2 0.2027325540540822, 0.225 0.22891654681274018, 0.3 0.3095196042031117,
        0.43 0.45989668121267857, 0.49999 0.549292811089609, 0.5 0.5493061443340549, 0.55 0.6183813135744635,
        0.67 0.8107431254751375, 0.75 0.9729550745276566, 0.9 1.4722194895832204, 0.99 2.6466524123622457,
        0.99999 6.1030338227611125, 0.9999999999 11.859499013855018, 0.9999999999999999 18.714973875118524
        """;

    private static final String LOG2 = """
        5e-324 -1074.0, 3.7e-320 -1061.1294426256736, 1e-310 -1029.7977094150824, 2.3e-308 -1021.9522193641379,
        1e-200 -664.3856189774725, 1e-20 -66.43856189774725, 0.001 -9.965784284662087, 0.1 -3.321928094887362,
        0.3 -1.7369655941662063, 0.5000001 -0.9999997114610208, 0.7 -0.5145731728297583,
        0.721 -0.4719288354212646, 0.75 -0.4150374992788438, 0.76 -0.3959286763311392,
        0.95 -0.07400058144377693, 0.9999999 -1.4426951122643492e-07, 1.0000000001 1.4426951601859516e-10,
        1.09 0.12432813500220177, 1.294 0.37183761733042053, 1.49 0.5753123306874368, 1.51 0.5945485495503542,
        1.9 0.925999418556223, 2.9 1.5360529002402097, 3.0 1.584962500721156, 10.0 3.321928094887362,
        1000.0 9.965784284662087, 10000000000.0 33.219280948873624, 1e100 332.19280948873626,
        1.7e308 1023.9193879716706
        """;

    private static final String LGAMMA_NEAR_NEGATIVE_ZEROS = """
        -2.4570247382208 7.292550612674704e-16, -2.7476826467274 -2.4480774653428678e-14,
        -3.1435808883499 6.237510472060757e-13, -3.9552942848585 -2.0252450796719905e-12,
        -4.0395618 -0.005344109983796458, -5.0081681 0.006195175908277465, -6.0013853 -4.014446764285553e-06,
        -7.0001981 0.0011780065562219495, -8.0000249 -0.004013449227389889, -10.0000003 -0.08492991615465655
        """;

    private static final String DIGAMMA_NEAR_NEGATIVE_ZEROS = """
        -0.504083 7.388256696842615e-08, -1.5734985 -2.6680646540923924e-07, -2.6107209 -3.4232830721287677e-07,
        -3.6352934 -3.910416504996743e-07, -4.6532378 -4.732235128810554e-07, -5.6671624 5.411290585014005e-07,
        -8.6958728 -0.0015958152251200938, -66.79578 0.0034739823445964057
        """;

    private static final double POLYGAMMA_100_AT_1E4 = -9.379363201543512e-245;
    private static final double POLYGAMMA_200_AT_150 = -4.3209480046542493e-63;

    /// FNV-1a of all results on a grid. It changes with any coefficient or any order of operations, and with nothing
    /// else.
    private static final long DIGEST = 1661350702421005630L;

    @Test
    void erf() {
        within(2.1, "erf", Special::erf, ERF);
        exact("erf", Special::erf, """
            0.0 0.0, -0.0 -0.0, Infinity 1, -Infinity -1, NaN NaN, 6 1, -6 -1, 1.7976931348623157e308 1,
            4.9e-324 4.9e-324, -1e-323 -1e-323
            """);
        odd("erf", Special::erf);
    }

    @Test
    void erfc() {
        within(3.8, "erfc", Special::erfc, ERFC);
        exact("erfc", Special::erfc, """
            0.0 1, -0.0 1, Infinity 0, -Infinity 2, NaN NaN, -6 2, 27.3 0, 28 0, 1e300 0, -1e300 2, 4.9e-324 1,
            27.22 4.9e-324
            """);
    }

    @Test
    void lgamma() {
        within(4.0, "lgamma", Special::lgamma, LGAMMA);
        exact("lgamma", Special::lgamma, """
            0.0 Infinity, -0.0 Infinity, -1 Infinity, -2 Infinity, -1e300 Infinity, Infinity Infinity,
            -Infinity Infinity, NaN NaN, 1 0.0, 2 0.0, 1.7976931348623157e308 Infinity,
            4.9e-324 744.4400719213812, -4.9e-324 744.4400719213812
            """);
    }

    @Test
    void lgammaNearItsNegativeZerosIsExactToTheTermsThatCancel() {
        for (double[] row : rows(LGAMMA_NEAR_NEGATIVE_ZEROS)) {
            double unit = Math.ulp(Math.max(1, Special.lgamma(-row[0])));
            assertWithin(3.0, "lgamma(" + row[0] + ")", Special.lgamma(row[0]), row[1], unit);
        }
    }

    @Test
    void digamma() {
        within(3.0, "digamma", x -> Special.polygamma(0, x), DIGAMMA);
        exact("digamma", x -> Special.polygamma(0, x), """
            0.0 -Infinity, -0.0 Infinity, -1 NaN, -2 NaN, -1e300 NaN, Infinity Infinity, -Infinity NaN, NaN NaN,
            4.9e-324 -Infinity, -4.9e-324 Infinity
            """);
    }

    @Test
    void digammaNearItsNegativeZerosIsExactToTheTermsThatCancel() {
        for (double[] row : rows(DIGAMMA_NEAR_NEGATIVE_ZEROS)) {
            double unit = Math.ulp(Math.max(2, Special.polygamma(0, 1 - row[0])));
            assertWithin(3.9, "digamma(" + row[0] + ")", Special.polygamma(0, row[0]), row[1], unit);
        }
    }

    @Test
    void polygamma() {
        for (double[] row : rows(POLYGAMMA)) {
            int n = (int) row[0];
            String what = "polygamma(" + n + ", " + row[1] + ")";
            assertWithin(4.1, what, Special.polygamma(n, row[1]), row[2], Math.ulp(row[2]));
        }
        exact("trigamma", x -> Special.polygamma(1, x), """
            0.0 Infinity, -0.0 Infinity, -1 Infinity, -7 Infinity, Infinity 0.0, -Infinity NaN, NaN NaN,
            4.9e-324 Infinity, 1e-200 Infinity
            """);
        exact("tetragamma", x -> Special.polygamma(2, x), """
            0.0 -Infinity, -0.0 -Infinity, -3 -Infinity, Infinity -0.0, -Infinity NaN, NaN NaN,
            1e-150 -Infinity, 1e200 -0.0
            """);
    }

    @Test
    void polygammaOfHighOrderStaysInRange() {
        // Half powers, then logarithms near 1000, whose ulp becomes a relative error.
        assertThat(relative(Special.polygamma(100, 1e4), POLYGAMMA_100_AT_1E4)).isLessThan(4 * Math.ulp(1.0));
        assertThat(relative(Special.polygamma(200, 150), POLYGAMMA_200_AT_150)).isLessThan(4 * Math.ulp(1000.0));
        assertThat(Special.polygamma(200, 0.5)).isEqualTo(-INFINITY);
        assertThat(Special.polygamma(300, 1e10)).isEqualTo(-0.0);
    }

    @Test
    void aNegativeOrderIsRefused() {
        assertThatThrownBy(() -> Special.polygamma(-1, 1.0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void sigmoid() {
        within(2.7, "sigmoid", Special::sigmoid, SIGMOID);
        exact("sigmoid", Special::sigmoid, """
            0.0 0.5, -0.0 0.5, Infinity 1, -Infinity 0, NaN NaN, 40 1, 1e300 1, -1e300 0, -746 0, -745 4.9e-324,
            4.9e-324 0.5
            """);
    }

    @Test
    void asinh() {
        within(2.1, "asinh", Special::asinh, ASINH);
        exact("asinh", Special::asinh, """
            0.0 0.0, -0.0 -0.0, Infinity Infinity, -Infinity -Infinity, NaN NaN, 4.9e-324 4.9e-324
            """);
        odd("asinh", Special::asinh);
    }

    @Test
    void acosh() {
        within(2.9, "acosh", Special::acosh, ACOSH);
        exact("acosh", Special::acosh, """
            1 0.0, 0.9999999999999999 NaN, 0 NaN, -1 NaN, -1e17 NaN, -Infinity NaN, NaN NaN, Infinity Infinity
            """);
    }

    @Test
    void atanh() {
        within(2.3, "atanh", Special::atanh, ATANH);
        exact("atanh", Special::atanh, """
            0.0 0.0, -0.0 -0.0, 1 Infinity, -1 -Infinity, 1.0000000000000002 NaN, -2 NaN, Infinity NaN,
            -Infinity NaN, NaN NaN, 4.9e-324 4.9e-324, -1e-323 -1e-323
            """);
        odd("atanh", Special::atanh);
    }

    @Test
    void log2() {
        within(2.5, "log2", Special::log2, LOG2);
        exact("log2", Special::log2, """
            0.0 -Infinity, -0.0 -Infinity, Infinity Infinity, -1 NaN, -Infinity NaN, NaN NaN, -4.9e-324 NaN,
            1.7976931348623157e308 1024
            """);
        for (int power = -1074; power <= 1023; power++) {
            assertThat(Special.log2(Math.scalb(1.0, power))).isEqualTo(power);
        }
    }

    @Test
    void resultsAreTheSameBitsOnEveryMachine() {
        List<DoubleUnaryOperator> functions = List.of(
                Special::erf,
                Special::erfc,
                Special::lgamma,
                x -> Special.polygamma(0, x),
                x -> Special.polygamma(1, x),
                x -> Special.polygamma(2, x),
                Special::sigmoid,
                Special::asinh,
                Special::acosh,
                Special::atanh,
                Special::log2);
        // Twice: before and, for most of it, after the compilers have had their turn.
        assertThat(List.of(digest(functions), digest(functions))).containsExactly(DIGEST, DIGEST);
    }

    private static long digest(List<DoubleUnaryOperator> functions) {
        long hash = 0xcbf29ce484222325L;
        for (DoubleUnaryOperator function : functions) {
            for (int i = -1_000; i <= 3_000; i++) {
                hash = (hash ^ Double.doubleToLongBits(function.applyAsDouble(i / 96.0))) * 0x100000001b3L;
            }
        }
        return hash;
    }

    private static void within(double bound, String name, DoubleUnaryOperator function, String table) {
        for (double[] row : rows(table)) {
            String what = name + "(" + row[0] + ")";
            assertWithin(bound, what, function.applyAsDouble(row[0]), row[1], Math.ulp(row[1]));
        }
    }

    private static void assertWithin(double bound, String what, double actual, double expected, double unit) {
        assertThat(Math.abs(actual - expected) / unit)
                .as("%s is %s, should be %s: the error in units of %s, at most %s", what, actual, expected, unit, bound)
                .isLessThanOrEqualTo(bound);
    }

    private static void exact(String name, DoubleUnaryOperator function, String table) {
        for (double[] row : rows(table)) {
            double actual = function.applyAsDouble(row[0]);
            assertThat(Double.doubleToLongBits(actual))
                    .as("%s(%s) is %s, should be exactly %s", name, row[0], actual, row[1])
                    .isEqualTo(Double.doubleToLongBits(row[1]));
        }
    }

    private static void odd(String name, DoubleUnaryOperator function) {
        for (double x = 1e-9; x < 100; x *= 1.01) {
            assertThat(Double.doubleToLongBits(function.applyAsDouble(-x)))
                    .as("%s(-%s)", name, x)
                    .isEqualTo(Double.doubleToLongBits(-function.applyAsDouble(x)));
        }
    }

    /// The rows of a table: separated by commas, their numbers by spaces.
    private static List<double[]> rows(String table) {
        return Pattern.compile(",")
                .splitAsStream(table)
                .map(SpecialTest::numbers)
                .toList();
    }

    private static double[] numbers(String row) {
        return Pattern.compile(" ")
                .splitAsStream(row.strip())
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double relative(double actual, double expected) {
        return Math.abs(actual - expected) / Math.abs(expected);
    }
}
