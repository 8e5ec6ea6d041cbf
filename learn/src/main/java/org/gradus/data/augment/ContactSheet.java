package org.gradus.data.augment;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.data.Dataset;
import org.gradus.data.Examples;

/// A picture of what training sees: some images of different classes, and beside each what the augmentations make of it in
/// some passes; then one image with each augmentation alone. Without augmentations, some images of each class.
///
/// @param examples images with values from 0 to 1
/// @param seed of the run
public record ContactSheet(Examples examples, List<Augmentation> augmentations, long seed) {
    private static final int COLUMNS = 8;
    private static final int ROWS = 6;
    private static final int MOST_CLASSES = 20;
    private static final int LEAST_SIDE = 80; // of an image, in pixels of the sheet
    private static final int GAP = 8;
    private static final int MARGIN = 24;
    private static final int TEXT = 2; // pixels of a point of a letter
    private static final int LINE = (Glyphs.HEIGHT + 3) * TEXT;
    private static final int PAPER = 0xfffafaf7;
    private static final int INK = 0xff202428;
    private static final int PALE = 0xff8a9099;
    private static final int FRAME = 0xff2b6cb0;

    /// A line of images with what stands to the left of it.
    private record Row(List<String> label, List<Array> images, boolean framed) {}

    /// Freezes the list.
    ///
    /// @throws GradusException when the examples are no images
    public ContactSheet {
        augmentations = List.copyOf(augmentations);
        if (examples.one().rank() != 3 || examples.size() == 0) {
            throw new GradusException(
                    "contact-sheet",
                    "A contact sheet shows images, [channels, height, width], but there are " + examples.size()
                            + " examples " + examples.one() + ". Look at tables in another way.");
        }
    }

    /// As a PNG file.
    public byte[] png() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image(), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// As an image of 3 bytes for each pixel.
    BufferedImage image() {
        Map<String, List<Row>> sections = new LinkedHashMap<>();
        if (augmentations.isEmpty()) {
            sections.put(examples.size() + " images, no augmentation", classes());
        } else {
            List<Integer> some = different().stream().limit(ROWS).toList();
            sections.put(
                    "Original, and in " + (COLUMNS - 1) + " passes",
                    some.stream()
                            .map(position -> row(label(position), position, augmentations))
                            .toList());
            int clearest =
                    some.stream().max(Comparator.comparingDouble(this::colour)).orElseThrow();
            sections.put(
                    "Each augmentation alone",
                    augmentations.stream()
                            .map(one -> row(described(one), clearest, List.of(one)))
                            .toList());
        }
        return drawn(sections);
    }

    private Row row(List<String> label, int position, List<Augmentation> applied) {
        Augmented augmented = Augmented.of(examples, examples.classes().size(), applied);
        List<Array> images = new ArrayList<>(List.of(examples.batch(position).features()));
        for (int pass = 0; pass < COLUMNS - 1; pass++) {
            Dataset seen = augmented.pass(seed, pass);
            images.add(seen.batch(position).features());
        }
        return new Row(label, images, true);
    }

    /// Some images of each class, or of all.
    private List<Row> classes() {
        List<Row> rows = new ArrayList<>();
        for (int first : different().stream().limit(MOST_CLASSES).toList()) {
            List<Array> images = IntStream.range(0, examples.size())
                    .filter(i -> examples.classes().isEmpty()
                            || examples.labels().getLong(i) == examples.labels().getLong(first))
                    .limit(COLUMNS)
                    .mapToObj(i -> examples.batch(i).features())
                    .toList();
            rows.add(new Row(label(first), images, false));
        }
        return rows;
    }

    /// The first example of each class in their order; the first ones of all without classes.
    private List<Integer> different() {
        Map<Long, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < examples.size(); i++) {
            boolean known = !examples.classes().isEmpty();
            first.putIfAbsent(known ? examples.labels().getLong(i) : Math.min(i, ROWS - 1), i);
        }
        return first.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    /// How much colour an image has: the mean difference between a pixel's channels.
    private double colour(int position) {
        Array image = examples.batch(position).features();
        int places = image.shape().size(2) * image.shape().size(3);
        double sum = 0;
        for (int i = 0; i < image.count() - places; i++) {
            sum += Math.abs(image.get(i) - image.get(i + places));
        }
        return sum / places;
    }

    private List<String> label(int position) {
        return examples.classes().isEmpty()
                ? List.of("example " + position)
                : List.of(examples.classes().get((int) examples.labels().getLong(position)));
    }

    /// Such as `Rotation`, then a line for each of its numbers.
    private static List<String> described(Augmentation one) {
        String[] parts = one.toString().replaceAll("\\]$", "").split("\\[", 2);
        List<String> lines = new ArrayList<>();
        lines.add(parts[0].replaceAll("(?<=[a-z])([A-Z])", " $1"));
        if (parts.length == 2) {
            for (String fact : parts[1].split(", (?=\\w+=)", -1)) {
                lines.add(fact.replaceAll("[=\\[\\]]+", " ").replaceAll("\\.0\\b|(?<=\\.\\d{3})\\d+", ""));
            }
        }
        return lines;
    }

    private BufferedImage drawn(Map<String, List<Row>> sections) {
        int height = examples.one().size(1);
        int width = examples.one().size(2);
        int factor = Math.max(1, Math.ceilDiv(LEAST_SIDE, Math.min(height, width)));
        int labels = sections.values().stream()
                        .flatMap(List::stream)
                        .flatMap(row -> row.label().stream())
                        .mapToInt(String::length)
                        .max()
                        .orElse(0)
                * Glyphs.WIDTH
                * TEXT;
        int left = MARGIN + labels + 2 * GAP;
        int total = MARGIN;
        for (List<Row> rows : sections.values()) {
            total += 2 * LINE + MARGIN;
            total += rows.stream()
                    .mapToInt(row -> rowHeight(row, height * factor))
                    .sum();
        }
        int wide = Math.max(
                left + COLUMNS * (width * factor + GAP) + MARGIN,
                2 * MARGIN
                        + sections.keySet().stream()
                                        .mapToInt(String::length)
                                        .max()
                                        .orElse(0)
                                * Glyphs.WIDTH
                                * TEXT);
        BufferedImage sheet = new BufferedImage(wide, total, BufferedImage.TYPE_3BYTE_BGR);
        Glyphs.fill(sheet, 0, 0, wide, total, PAPER);
        int top = MARGIN;
        for (Map.Entry<String, List<Row>> section : sections.entrySet()) {
            Glyphs.write(sheet, section.getKey(), MARGIN, top, TEXT, FRAME);
            top += 2 * LINE;
            for (Row row : section.getValue()) {
                draw(sheet, row, top, left, factor);
                top += rowHeight(row, height * factor);
            }
            top += MARGIN;
        }
        return sheet;
    }

    private static int rowHeight(Row row, int images) {
        return Math.max(images, row.label().size() * LINE) + GAP;
    }

    private static void draw(BufferedImage sheet, Row row, int top, int left, int factor) {
        for (int line = 0; line < row.label().size(); line++) {
            Glyphs.write(sheet, row.label().get(line), MARGIN, top + line * LINE, TEXT, line == 0 ? INK : PALE);
        }
        for (int i = 0; i < row.images().size(); i++) {
            Array image = row.images().get(i);
            int wide = image.shape().size(3) * factor;
            int high = image.shape().size(2) * factor;
            int x = left + i * (wide + GAP);
            if (row.framed() && i == 0) {
                Glyphs.fill(sheet, x - 3, top - 3, wide + 6, high + 6, FRAME);
            }
            enlarge(sheet, image, x, top, factor);
        }
    }

    private static void enlarge(BufferedImage sheet, Array image, int left, int top, int factor) {
        int channels = image.shape().size(1);
        int width = image.shape().size(3);
        int places = image.shape().size(2) * width;
        for (int place = 0; place < places; place++) {
            int colour = 0xff;
            for (int channel = 0; channel < 3; channel++) {
                double value = image.get((channels == 3 ? channel : 0) * places + place);
                colour = colour << 8 | (int) Math.round(Math.clamp(value, 0.0, 1.0) * 255);
            }
            Glyphs.fill(sheet, left + place % width * factor, top + place / width * factor, factor, factor, colour);
        }
    }
}
