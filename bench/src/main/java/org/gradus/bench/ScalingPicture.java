package org.gradus.bench;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.gradus.bench.Scaling.Cost;
import org.gradus.bench.Scaling.Curve;

/// What training steps take as their networks grow, as SVG: across, how many times the smallest size; upwards, the time; both
/// in logarithms, so that a power of the size is a straight line. A dashed one goes through the largest size, as steep as
/// the time should grow.
final class ScalingPicture {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int LEFT = 80;
    private static final int RIGHT = 40;
    private static final int TOP = 72;
    private static final int BOTTOM = 64;
    private static final String HALO = "stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"";
    private static final List<String> COLOURS = List.of("#059669", "#2563eb", "#c2410c");

    private final List<Curve> curves;
    private final int toX; // a power of two
    private final int fromY; // powers of ten
    private final int toY;
    private final StringBuilder svg = new StringBuilder();

    private ScalingPicture(List<Curve> curves) {
        this.curves = curves;
        toX = (int) Math.ceil(Math.log(curves.stream()
                        .mapToDouble(curve -> growth(curve, curve.costs().getLast()))
                        .max()
                        .orElseThrow())
                / Math.log(2));
        fromY = (int) Math.floor(Math.log10(millis().min().orElseThrow()));
        toY = (int) Math.ceil(Math.log10(millis().max().orElseThrow()));
    }

    /// The picture.
    static String svg(List<Curve> curves, int threads) {
        return new ScalingPicture(curves).draw(threads);
    }

    private DoubleStream millis() {
        return curves.stream()
                .flatMap(curve -> curve.costs().stream())
                .mapToDouble(cost -> cost.timing().median());
    }

    /// How many times the smallest size.
    private static double growth(Curve curve, Cost cost) {
        return cost.size().size() / curve.costs().getFirst().size().size();
    }

    private double x(double growth) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(growth) / (toX * Math.log(2));
    }

    private double y(double millis) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (Math.log10(millis) - fromY) / (toY - fromY);
    }

    private String draw(int threads) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#334155\">\n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(
                LEFT,
                28,
                "start",
                "font-size=\"16\" font-weight=\"600\"",
                "What a training step takes as the network grows");
        text(
                LEFT,
                48,
                "start",
                "fill=\"#64748b\"",
                threads + (threads == 1 ? " thread" : " threads")
                        + "; the numbers are sizes; dashed: the power that is expected, through the largest size");
        grid();
        each(this::guide);
        each(this::line);
        each(this::dots);
        each(this::name);
        svg.append("</svg>\n");
        return svg.toString();
    }

    private void each(ObjIntConsumer<Curve> draws) {
        for (int i = 0; i < curves.size(); i++) {
            draws.accept(curves.get(i), i);
        }
    }

    private void grid() {
        for (int power = 0; power <= toX; power++) {
            double x = x(1 << power);
            line(x, TOP, x, HEIGHT - BOTTOM, "stroke=\"#e2e8f0\"");
            text(x, HEIGHT - BOTTOM + 20, "middle", "", (1 << power) + "×");
        }
        for (int power = fromY; power <= toY; power++) {
            double y = y(Math.pow(10, power));
            line(LEFT, y, WIDTH - RIGHT, y, "stroke=\"#e2e8f0\"");
            String millis = BigDecimal.ONE.scaleByPowerOfTen(power).toPlainString();
            text(LEFT - 10, y + 4, "end", "", millis + " ms");
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, "middle", "", "batch, blocks or width, in times the smallest");
    }

    /// What the smaller sizes would take if they were as efficient as the largest.
    private void guide(Curve curve, int number) {
        double power = curve.sweep().power();
        double most = growth(curve, curve.costs().getLast());
        double last = curve.costs().getLast().timing().median();
        double from = Math.max(1, most * Math.pow(Math.pow(10, fromY) / last, 1 / power));
        line(
                x(from),
                y(last * Math.pow(from / most, power)),
                x(most),
                y(last),
                "stroke=\"" + COLOURS.get(number) + "\" stroke-opacity=\"0.6\" stroke-dasharray=\"5 5\"");
    }

    private void line(Curve curve, int number) {
        String points = curve.costs().stream()
                .map(cost -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        x(growth(curve, cost)),
                        y(cost.timing().median())))
                .collect(Collectors.joining(" "));
        svg.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                points,
                COLOURS.get(number)));
    }

    /// Sizes stand above their dots; those of the last curve, which is the steepest, below.
    private void dots(Curve curve, int number) {
        boolean above = number < curves.size() - 1;
        for (Cost cost : curve.costs()) {
            double x = x(growth(curve, cost));
            double y = y(cost.timing().median());
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" stroke=\"#ffffff\"/>\n",
                    x,
                    y,
                    COLOURS.get(number)));
            text(
                    above ? x - 5 : x + 7,
                    above ? y - 9 : y + 15,
                    above ? "end" : "start",
                    "fill=\"" + COLOURS.get(number) + "\" " + HALO,
                    cost.size().name());
        }
    }

    /// In the lower right corner, where no curve goes.
    private void name(Curve curve, int number) {
        double x = WIDTH - RIGHT - 470;
        double y = HEIGHT - BOTTOM - 22.0 * (curves.size() - number);
        line(x, y - 4, x + 26, y - 4, "stroke=\"" + COLOURS.get(number) + "\" stroke-width=\"2\"");
        text(
                x + 36,
                y,
                "start",
                "font-size=\"13\" " + HALO,
                String.format(
                        Locale.ROOT,
                        "%s (%s): power %.2f, %d is expected",
                        curve.sweep().name(),
                        curve.sweep().network(),
                        curve.power(0),
                        curve.sweep().power()));
    }

    private void line(double x1, double y1, double x2, double y2, String style) {
        svg.append(String.format(
                Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2, style));
    }

    private void text(double x, double y, String anchor, String style, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n",
                x,
                y,
                anchor,
                style,
                text));
    }
}
