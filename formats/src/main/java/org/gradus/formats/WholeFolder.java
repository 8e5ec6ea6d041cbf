package org.gradus.formats;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.base.GradusException;

/// A folder of files that is written whole or not at all. The files go to a temporary folder beside it, which takes
/// its name at the end, when all of it is on the disk. What a killed process left unfinished has a name that begins
/// with a dot and ends with `.tmp`.
public final class WholeFolder {
    private static final String UNFINISHED = ".tmp";

    /// What writes the files.
    @FunctionalInterface
    public interface Contents {
        /// Writes them into this folder.
        void write(Path folder);
    }

    private WholeFolder() {}

    /// Makes `folder`, which must not exist, and the folders above it.
    ///
    /// @throws GradusException when it cannot be written; there is no such folder then
    public static void write(Path folder, Contents contents) {
        Path absolute = folder.toAbsolutePath();
        String process = String.valueOf(ProcessHandle.current().pid());
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "." + process + UNFINISHED);
        try {
            Files.createDirectories(temporary);
            contents.write(temporary);
            force(temporary);
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
            force(absolute.resolveSibling("."));
        } catch (IOException e) {
            throw new GradusException(
                    "file-write",
                    "`" + folder + "` could not be written (" + WholeFile.reason(e)
                            + "). Does it exist, may you write there, and is there room?",
                    e);
        } finally {
            remove(temporary);
        }
    }

    /// Removes a folder of files, if there is one: at first it becomes unfinished, so that nobody finds a part of it.
    ///
    /// @throws GradusException when it cannot be removed
    public static void remove(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Path unfinished = folder;
            if (!isUnfinished(folder)) {
                unfinished = folder.resolveSibling("." + folder.getFileName() + UNFINISHED);
                Files.move(folder, unfinished, StandardCopyOption.ATOMIC_MOVE);
            }
            for (Path file : list(unfinished)) {
                Files.delete(file);
            }
            Files.delete(unfinished);
        } catch (IOException e) {
            throw new GradusException(
                    "file-write",
                    "`" + folder + "` could not be removed (" + WholeFile.reason(e) + "). May you write there?",
                    e);
        }
    }

    /// Removes what killed processes have left in this folder.
    public static void removeUnfinished(Path parent) {
        list(parent).stream().filter(WholeFolder::isUnfinished).forEach(WholeFolder::remove);
    }

    /// What is in a folder; nothing where there is none.
    ///
    /// @throws GradusException when it cannot be read
    public static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new GradusException(
                    "file-read",
                    "`" + folder + "` could not be read (" + WholeFile.reason(e) + "). May you read it?",
                    e);
        }
    }

    private static boolean isUnfinished(Path folder) {
        String name = folder.getFileName().toString();
        return name.startsWith(".") && name.endsWith(UNFINISHED);
    }

    /// Waits until the names in a folder are on the disk.
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) { // others cannot open folders
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }
}
