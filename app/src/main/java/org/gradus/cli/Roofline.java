package org.gradus.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.gradus.run.Machine;
import org.gradus.run.Profile;

/// The kernels of a step under the machine's roof line, as SVG: across, how many operations a kernel does with each byte
/// that it moves; upwards, how many a second; both in powers of ten. A dot's area is the share of the time.
final class Roofline {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 520;
    private static final int LEFT = 80;
    private static final int RIGHT = 40;
    private static final int TOP = 64;
    private static final int BOTTOM = 64;
    private static final double LARGEST = 34; // the radius that a dot of the whole time would have
    private static final double SHOWN = 0.001; // of the time
    private static final double NAMED = 0.05;
    private static final int LINE = 13; // between names

    private final Profile profile;
    private final Machine machine;
    private final List<Profile.Kernel> kernels; // that compute something, and take some time
    private final int fromX; // powers of ten
    private final int toX;
    private final int fromY;
    private final int toY;
    private final StringBuilder svg = new StringBuilder();

    private Roofline(Profile profile, Machine machine) {
        this.profile = profile;
        this.machine = machine;
        kernels = profile.kernels().stream()
                .filter(kernel -> kernel.flops() > 0 && kernel.bytes() > 0 && share(kernel) >= SHOWN)
                .sorted((a, b) -> Double.compare(b.millis(), a.millis()))
                .toList();
        double ridge = machine.flops() / machine.bytes();
        fromX = power(kernels.stream().mapToDouble(Roofline::intensity).min().orElse(1), Math.min(0.1, ridge), false);
        toX = power(2 * kernels.stream().mapToDouble(Roofline::intensity).max().orElse(1), 10 * ridge, true);
        double most = machine.flops() * 1e-9;
        fromY = power(
                kernels.stream().mapToDouble(Profile.Kernel::gigaflops).min().orElse(1), most / 1000, false);
        toY = power(most, most, true);
    }

    /// The picture.
    static String svg(Profile profile, Machine machine) {
        return new Roofline(profile, machine).draw();
    }

    /// Operations for each byte.
    private static double intensity(Profile.Kernel kernel) {
        return (double) kernel.flops() / kernel.bytes();
    }

    private static int power(double a, double b, boolean up) {
        return up ? (int) Math.ceil(Math.log10(Math.max(a, b))) : (int) Math.floor(Math.log10(Math.min(a, b)));
    }

    private double x(double intensity) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(intensity) - fromX) / (toX - fromX);
    }

    private double y(double gigaflops) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (Math.log10(gigaflops) - fromY) / (toY - fromY);
    }

    private String draw() {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\"",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT));
        svg.append(String.format(
                Locale.ROOT, " font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#334155\">\n"));
        svg.append(String.format(Locale.ROOT, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"));
        text(
                LEFT,
                26,
                "start",
                "font-size=\"16\" font-weight=\"600\"",
                String.format(Locale.ROOT, "A training step of %.2f ms, kernel by kernel", profile.millis()));
        text(
                LEFT,
                46,
                "start",
                "fill=\"#64748b\"",
                String.format(
                        Locale.ROOT,
                        "%d thread%s; a dot's area is its share of the time; the line is what the machine can do at most",
                        machine.threads(),
                        machine.threads() == 1 ? "" : "s"));
        grid();
        roof();
        kernels.forEach(this::dot);
        double above = 0;
        for (Profile.Kernel kernel : kernels.stream()
                .filter(kernel -> share(kernel) >= NAMED)
                .sorted(Comparator.comparingDouble(kernel -> y(kernel.gigaflops())))
                .toList()) {
            above = Math.max(above + LINE, y(kernel.gigaflops()) + 4);
            name(kernel, above);
        }
        svg.append("</svg>\n");
        return svg.toString();
    }

    private void grid() {
        for (int power = fromX; power <= toX; power++) {
            double x = x(Math.pow(10, power));
            line(x, TOP, x, HEIGHT - BOTTOM, "#e2e8f0", 1);
            text(x, HEIGHT - BOTTOM + 18, "middle", "", label(power));
        }
        for (int power = fromY; power <= toY; power++) {
            double y = y(Math.pow(10, power));
            line(LEFT, y, WIDTH - RIGHT, y, "#e2e8f0", 1);
            text(LEFT - 10, y + 4, "end", "", label(power));
        }
        text(
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 20,
                "middle",
                "",
                "operations for each byte that is read or written");
        svg.append(String.format(
                Locale.ROOT, "<g transform=\"translate(22 %d) rotate(-90)\">", (TOP + HEIGHT - BOTTOM) / 2));
        text(0, 0, "middle", "", "GFLOP/s");
        svg.append("</g>\n");
    }

    private static String label(int power) {
        return power >= 0
                ? String.format(Locale.ROOT, "%.0f", Math.pow(10, power))
                : String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power));
    }

    private void roof() {
        double peak = machine.flops() * 1e-9;
        double memory = machine.bytes() * 1e-9;
        double ridge = peak / memory;
        double left = Math.max(Math.pow(10, fromX), Math.pow(10, fromY) / memory);
        line(x(left), y(left * memory), x(ridge), y(peak), "#0f172a", 2);
        line(x(ridge), y(peak), x(Math.pow(10, toX)), y(peak), "#0f172a", 2);
        text(WIDTH - RIGHT, y(peak) - 8, "end", "", String.format(Locale.ROOT, "%.0f GFLOP/s", peak));
        double middle = Math.sqrt(left * ridge);
        text(x(middle) - 8, y(middle * memory) - 8, "end", "", String.format(Locale.ROOT, "%.1f GB/s", memory));
    }

    private double share(Profile.Kernel kernel) {
        return kernel.millis() / profile.millis();
    }

    private void dot(Profile.Kernel kernel) {
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#059669\" fill-opacity=\"0.45\" stroke=\"#047857\">",
                x(intensity(kernel)),
                y(kernel.gigaflops()),
                Math.max(2, LARGEST * Math.sqrt(share(kernel)))));
        svg.append(String.format(
                Locale.ROOT,
                "<title>%s\n%.3f ms, %.1f GFLOP/s, %.1f GB/s</title></circle>\n",
                escaped(kernel.name()),
                kernel.millis(),
                kernel.gigaflops(),
                kernel.gigabytes()));
    }

    private void name(Profile.Kernel kernel, double y) {
        double radius = LARGEST * Math.sqrt(share(kernel));
        boolean right = x(intensity(kernel)) < WIDTH - 240;
        text(
                x(intensity(kernel)) + (right ? radius + 5 : -radius - 5),
                y,
                right ? "start" : "end",
                "font-size=\"11\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"",
                kernel.name());
    }

    private void line(double x1, double y1, double x2, double y2, String colour, int width) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>\n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width));
    }

    private void text(double x, double y, String anchor, String style, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n",
                x,
                y,
                anchor,
                style,
                escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
