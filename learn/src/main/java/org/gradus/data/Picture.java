package org.gradus.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.jspecify.annotations.Nullable;

/// A picture of bytes, channel by channel and row by row. Transparency is ignored; of 16 bits the upper 8 are kept, and
/// gray is 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), as with Pillow.
final class Picture {
    /// The most pixels of a picture.
    static final long MOST_PIXELS = 1 << 26;

    private final Form.Image form;
    private final byte[] bytes; // [channels, height, width]

    private Picture(Form.Image form, byte[] bytes) {
        this.form = form;
        this.bytes = bytes;
    }

    Form.Image form() {
        return form;
    }

    /// The picture's own bytes, `[channels, height, width]`; not a copy.
    byte[] bytes() {
        return bytes;
    }

    /// Whether the name is that of a PNG or JPEG file.
    static boolean isNamed(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".+\\.(png|jpg|jpeg)");
    }

    /// The picture in a file.
    ///
    /// @param channels 1 or 3, or 0 for those that it has
    static Picture read(Path file, int channels) {
        if (channels != 0 && channels != 1 && channels != 3) {
            throw new GradusException(
                    "data-form",
                    "`" + file + "` should be read with " + channels
                            + " channels, but a picture has 1 (gray) or 3 (red, green and blue). Ask for one of these.");
        }
        BufferedImage image = InputFile.read(file, in -> decoded(file, in));
        boolean gray = isGray(image.getColorModel());
        int wanted = channels != 0 ? channels : gray ? 1 : 3;
        int places = image.getWidth() * image.getHeight();
        byte[] bytes = new byte[wanted * places];
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
            grays(image, bytes);
            for (int channel = 1; channel < wanted; channel++) {
                System.arraycopy(bytes, 0, bytes, channel * places, places);
            }
        } else {
            colours(image, wanted, bytes);
        }
        return new Picture(new Form.Image(wanted, image.getHeight(), image.getWidth()), bytes);
    }

    /// This picture, which must have this size.
    Picture demand(Path file, int wantedHeight, int wantedWidth) {
        if (form.height() != wantedHeight || form.width() != wantedWidth) {
            throw new GradusException(
                    "picture-size",
                    "`" + file + "` is a picture of " + form.width() + "x" + form.height() + " pixels, but "
                            + wantedWidth + "x" + wantedHeight
                            + " are needed. Resize it, or have all resized: with `height = " + wantedHeight
                            + "` and `width = " + wantedWidth + "` in [data], or `--size " + wantedHeight + "x"
                            + wantedWidth + "`.");
        }
        return this;
    }

    /// Stretched or squeezed to this size: each new pixel is a weighted mean around its place, with weights that fall in
    /// a straight line to 0 (bilinear interpolation; over as many pixels as become one when it shrinks).
    Picture resized(int newHeight, int newWidth) {
        int height = form.height();
        int width = form.width();
        if (newHeight == height && newWidth == width) {
            return this;
        }
        int channels = form.channels();
        float[][] across = weights(width, newWidth);
        float[][] down = weights(height, newHeight);
        byte[] resized = new byte[channels * newHeight * newWidth];
        float[] narrow = new float[height * newWidth];
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < height; y++) {
                int row = (channel * height + y) * width;
                for (int x = 0; x < newWidth; x++) {
                    float sum = 0;
                    for (int i = 1; i < across[x].length; i++) {
                        sum += across[x][i] * (bytes[row + (int) across[x][0] + i - 1] & 0xff);
                    }
                    narrow[y * newWidth + x] = sum;
                }
            }
            for (int y = 0; y < newHeight; y++) {
                for (int x = 0; x < newWidth; x++) {
                    float sum = 0;
                    for (int i = 1; i < down[y].length; i++) {
                        sum += down[y][i] * narrow[((int) down[y][0] + i - 1) * newWidth + x];
                    }
                    resized[(channel * newHeight + y) * newWidth + x] = (byte) Math.round(sum);
                }
            }
        }
        return new Picture(new Form.Image(channels, newHeight, newWidth), resized);
    }

    /// As a model sees it: `float32[1, channels, height, width]`.
    Array features() {
        return Features.Pixels.of(form.shape().inserted(0, 1), bytes).whole();
    }

    /// For each new pixel of a line, the first old one that it is made of, and behind it the weights of that and those
    /// that follow.
    private static float[][] weights(int size, int newSize) {
        double scale = (double) size / newSize;
        double reach = Math.max(1, scale);
        float[][] weights = new float[newSize][];
        for (int i = 0; i < newSize; i++) {
            double middle = (i + 0.5) * scale;
            int from = (int) Math.max(0, Math.floor(middle - reach + 0.5));
            int to = (int) Math.min(size, Math.floor(middle + reach + 0.5));
            double[] raw = new double[to - from];
            double sum = 0;
            for (int j = 0; j < raw.length; j++) {
                raw[j] = Math.max(0, 1 - Math.abs(from + j + 0.5 - middle) / reach);
                sum += raw[j];
            }
            weights[i] = new float[raw.length + 1];
            weights[i][0] = from;
            for (int j = 0; j < raw.length; j++) {
                weights[i][j + 1] = (float) (raw[j] / sum);
            }
        }
        return weights;
    }

    private static BufferedImage decoded(Path file, InputStream in) {
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw unreadable(file, "it is neither PNG nor JPEG", null);
            }
            ImageReader reader = readers.next();
            try {
                reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
                reader.setInput(stream, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new GradusException(
                            "picture-size",
                            "`" + file + "` is a picture of " + reader.getWidth(0) + "x" + reader.getHeight(0)
                                    + " pixels; up to " + MOST_PIXELS + " are read. Make it smaller.");
                }
                BufferedImage image = reader.read(0);
                // A JPEG file that breaks off is filled up with gray, and that is told in a warning alone.
                if (warnings.stream().anyMatch(warning -> warning.contains("premature end"))) {
                    throw unreadable(file, "it breaks off before its end", null);
                }
                return image;
            } finally {
                reader.dispose();
            }
        } catch (GradusException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // of damaged files the decoders say so in many ways
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static GradusException unreadable(Path file, String why, @Nullable Exception cause) {
        String message = "`" + file + "` could not be read as a picture (" + why
                + "). Is it a complete PNG or JPEG file, gray or RGB? Save it again.";
        return cause == null
                ? new GradusException("picture-unreadable", message)
                : new GradusException("picture-unreadable", message, cause);
    }

    /// Whether it has no colours; a palette may be one of grays.
    private static boolean isGray(ColorModel model) {
        if (!(model instanceof IndexColorModel palette)) {
            return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        }
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    /// The values as they are in the file: `getRGB` would brighten them, because Java's gray is linear light.
    private static void grays(BufferedImage image, byte[] bytes) {
        Raster raster = image.getRaster();
        int excess = Math.max(0, image.getColorModel().getComponentSize(0) - 8);
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getSamples(0, y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++) {
                bytes[y * row.length + x] = (byte) (row[x] >> excess);
            }
        }
    }

    private static void colours(BufferedImage image, int channels, byte[] bytes) {
        int places = image.getWidth() * image.getHeight();
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                int red = row[x] >> 16 & 0xff;
                int green = row[x] >> 8 & 0xff;
                int blue = row[x] & 0xff;
                int at = y * row.length + x;
                if (channels == 1) {
                    bytes[at] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
                } else {
                    bytes[at] = (byte) red;
                    bytes[places + at] = (byte) green;
                    bytes[2 * places + at] = (byte) blue;
                }
            }
        }
    }
}
