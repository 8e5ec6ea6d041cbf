package org.gradus.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.jspecify.annotations.Nullable;

/// A folder with a sub-folder of pictures for each class. Or one with the sub-folders `train` and `test`, which have those
/// of the classes. Other files than pictures, and what begins with a dot, are not looked at.
final class PictureFolder {
    private PictureFolder() {}

    /// Whether some sub-folder, or sub-folder of `train`, has a picture.
    static boolean isOne(Path folder) {
        return Stream.concat(folders(folder).stream(), folders(folder.resolve("train")).stream())
                .anyMatch(sub -> !pictures(sub).isEmpty());
    }

    static DataFiles read(Path folder, Reading reading) {
        List<Path> train = folders(folder.resolve("train"));
        if (train.isEmpty()) {
            return examples(folder, reading, null);
        }
        DataFiles data = examples(folder.resolve("train"), reading, null);
        Path test = folder.resolve("test");
        return folders(test).isEmpty()
                ? data
                : data.withTest(examples(test, reading.withClasses(data.classes()), data.form())
                        .training());
    }

    /// @param wanted the form that the pictures must have where the reading leaves it open; null for that of the first
    private static DataFiles examples(Path folder, Reading reading, @Nullable Form wanted) {
        List<String> classes = reading.classes().isEmpty()
                ? folders(folder).stream().map(PictureFolder::name).toList()
                : reading.classes();
        List<Path> files = new ArrayList<>();
        List<Long> labels = new ArrayList<>();
        for (Path sub : folders(folder)) {
            List<Path> pictures = pictures(sub);
            if (pictures.isEmpty() || !classes.contains(name(sub))) {
                throw new GradusException(
                        "picture-class",
                        "`" + sub + "` "
                                + (pictures.isEmpty()
                                        ? "should hold the pictures of one class, but has no PNG or JPEG file."
                                        : "is named after none of the classes " + classes + ".")
                                + " Add pictures, rename the folder, or remove it.");
            }
            files.addAll(pictures);
            pictures.forEach(_ -> labels.add((long) classes.indexOf(name(sub))));
        }
        if (files.isEmpty()) {
            throw DataFiles.none(folder);
        }
        Form.Image first = picture(files.getFirst(), reading, wanted instanceof Form.Image image ? image : null)
                .form();
        PixelSource source = new PixelSource.Pictures(files, reading, first);
        if (!reading.stream()) {
            long count = (long) files.size() * first.shape().count();
            if (count > InputFile.MOST_BYTES) {
                throw new GradusException(
                        "data-size",
                        "`" + folder + "` has " + files.size() + " pictures, which take " + count + " bytes as "
                                + first + "; " + InputFile.MOST_BYTES
                                + " fit. Ask for smaller pictures, or leave them on the disk with `stream = true`.");
            }
            source = PixelSource.inMemory(source, first.shape().count());
        }
        Array numbers = Array.of(
                Shape.of(labels.size()),
                labels.stream().mapToLong(label -> label).toArray());
        return new DataFiles(first, new Examples(Features.Pixels.of(source, first.shape()), numbers, classes), null);
    }

    /// In the form of the reading, or where that leaves it open, that of the first picture.
    static Picture picture(Path file, Reading reading, Form.@Nullable Image first) {
        int channels = reading.channels() == 0 && first != null ? first.channels() : reading.channels();
        Picture picture = Picture.read(file, channels);
        if (reading.height() > 0 && reading.width() > 0) {
            return picture.resized(reading.height(), reading.width());
        }
        return first == null ? picture : picture.demand(file, first.height(), first.width());
    }

    private static List<Path> folders(Path folder) {
        return entries(folder).filter(Files::isDirectory).toList();
    }

    private static List<Path> pictures(Path folder) {
        return entries(folder)
                .filter(Picture::isNamed)
                .filter(Files::isRegularFile)
                .toList();
    }

    /// All pictures in a folder and in those below it.
    static List<Path> picturesBelow(Path folder) {
        List<Path> found = new ArrayList<>(pictures(folder));
        folders(folder).forEach(sub -> found.addAll(picturesBelow(sub)));
        return found;
    }

    /// How many files lie among the pictures and are none.
    static int skipped(Path folder) {
        return Stream.of(folder, folder.resolve("train"), folder.resolve("test"))
                .flatMap(parent -> folders(parent).stream())
                .filter(sub -> !pictures(sub).isEmpty())
                .mapToInt(sub -> (int) entries(sub).filter(Files::isRegularFile).count()
                        - pictures(sub).size())
                .sum();
    }

    /// What is in a folder, by name; nothing when it is none.
    static Stream<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !name(entry).startsWith(".")).sorted().toList().stream();
        } catch (IOException e) {
            throw InputFile.unreadable(folder, e);
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
