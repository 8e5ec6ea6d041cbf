package org.gradus.bench;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
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
    private static final int RIGHT = 190; // for the names of the curves
    private static final int TOP = 72;
    private static final int BOTTOM = 64;
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
                        + "; dashed: as the batch, as the number of blocks, as the square of the width");
        grid();
        for (int i = 0; i < curves.size(); i++) {
            guide(curves.get(i), COLOURS.get(i));
        }
        for (int i = 0; i < curves.size(); i++) {
            curve(curves.get(i), COLOURS.get(i));
        }
        svg.append("</svg>\n");
        return svg.toString();
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
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, "middle", "", "size, in times the smallest");
    }

    /// What the smaller sizes would take if the largest were as efficient.
    private void guide(Curve curve, String colour) {
        Cost last = curve.costs().getLast();
        double from = last.timing().median()
                / Math.pow(growth(curve, last), curve.sweep().power());
        double lowest = Math.pow(10, fromY);
        double start = Math.max(1, Math.pow(lowest / from, 1.0 / curve.sweep().power()));
        line(
                x(start),
                y(Math.max(from, lowest)),
                x(growth(curve, last)),
                y(last.timing().median()),
                "stroke=\"" + colour + "\" stroke-opacity=\"0.6\" stroke-dasharray=\"5 5\"");
    }

    private void curve(Curve curve, String colour) {
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
                colour));
        for (Cost cost : curve.costs()) {
            double x = x(growth(curve, cost));
            double y = y(cost.timing().median());
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" stroke=\"#ffffff\"/>\n",
                    x,
                    y,
                    colour));
            text(
                    x - 5,
                    y - 9,
                    "end",
                    "font-size=\"11\" fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\""
                            .formatted(colour),
                    cost.size().name().replace("ResNet-", ""));
        }
        Cost last = curve.costs().getLast();
        double x = x(growth(curve, last)) + 14;
        double y = y(last.timing().median());
        text(
                x,
                y,
                "start",
                "font-size=\"13\" font-weight=\"600\" fill=\"%s\"".formatted(colour),
                String.format(Locale.ROOT, "%s, power %.2f", curve.sweep().name(), curve.power(0)));
        text(x, y + 16, "start", "fill=\"%s\"".formatted(colour), curve.sweep().network());
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
