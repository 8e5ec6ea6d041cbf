package org.gradus.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/// Small files of images that tests write.
final class ImageFiles {
    private ImageFiles() {}

    /// The bytes of an IDX file: images for three sizes, labels for one.
    static byte[] idx(int[] sizes, int... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x800 + sizes.length);
        for (int size : sizes) {
            out.writeInt(size);
        }
        for (int content : contents) {
            out.writeByte(content);
        }
        return bytes.toByteArray();
    }

    /// The images and labels of a data set, 1x2 pixels.
    static void idxPair(Path folder, String start, int[] pixels, int... labels) throws IOException {
        Files.write(folder.resolve(start + "-images-idx3-ubyte"), idx(new int[] {labels.length, 1, 2}, pixels));
        Files.write(folder.resolve(start + "-labels-idx1-ubyte"), idx(new int[] {labels.length}, labels));
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /// CIFAR-10 records with these labels, whose pixels are all the label's number times ten.
    static byte[] cifar(int... labels) {
        byte[] bytes = new byte[labels.length * 3073];
        for (int i = 0; i < bytes.length; i++) {
            int label = labels[i / 3073];
            bytes[i] = (byte) (i % 3073 == 0 ? label : 10 * label);
        }
        return bytes;
    }

    /// A picture file of one row, with these RGB values.
    static Path picture(Path file, int type, int... colours) throws IOException {
        BufferedImage image = new BufferedImage(colours.length, 1, type);
        for (int x = 0; x < colours.length; x++) {
            if (type == BufferedImage.TYPE_BYTE_GRAY) {
                image.getRaster().setSample(x, 0, 0, colours[x]);
            } else {
                image.setRGB(x, 0, colours[x]);
            }
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, file.toString().endsWith("png") ? "png" : "jpeg", file.toFile());
        return file;
    }
}
