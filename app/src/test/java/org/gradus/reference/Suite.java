package org.gradus.reference;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.gradus.base.Array;
import org.gradus.formats.Npy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An archive of reference cases: a `manifest.json` and `.npy` files, in one folder of a `.tar.gz`. It is unpacked in
/// memory.
final class Suite {
    /// The environment variable, or system property, that names the folder of the archives. Without it, `shared/suites`
    /// is looked for in the working folder and in every one above.
    static final String FOLDER = "GRADUS_SUITES";

    private static final int BLOCK = 512; // bytes; the unit of the tar format

    private final Map<String, byte[]> files;

    private Suite(Map<String, byte[]> files) {
        this.files = files;
    }

    /// Where the archive called `name` lies, if it is there.
    static Optional<Path> find(String name) {
        String told = System.getProperty(FOLDER, System.getenv(FOLDER));
        Path here = Path.of("").toAbsolutePath();
        Stream<Path> folders = told != null
                ? Stream.of(Path.of(told))
                : Stream.iterate(here, folder -> folder != null, Path::getParent)
                        .map(folder -> folder.resolve("shared").resolve("suites"));
        return folders.map(folder -> folder.resolve(name + ".tar.gz"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /// The suite in an archive.
    static Suite read(Path archive) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
            return new Suite(unpacked(in.readAllBytes()));
        }
    }

    /// All cases, in the order of the manifest.
    List<Case> cases() {
        JsonNode manifest = JsonMapper.shared().readTree(new ByteArrayInputStream(file("manifest.json")));
        List<Case> cases = new ArrayList<>();
        for (JsonNode node : manifest.get("cases")) {
            Map<String, JsonNode> roles = new LinkedHashMap<>();
            node.get("roles").properties().forEach(role -> roles.put(role.getKey(), role.getValue()));
            cases.add(new Case(
                    this,
                    node.get("id").asString(),
                    node.get("kind").asString(),
                    node.get("op").asString(),
                    node.get("config"),
                    roles));
        }
        return cases;
    }

    /// The array in a file of the archive.
    Array array(String path) {
        return Npy.parse(path, file(path));
    }

    private byte[] file(String path) {
        byte[] bytes = files.get(path);
        if (bytes == null) {
            throw new IllegalStateException("The archive has no file `" + path + "`.");
        }
        return bytes;
    }

    /// The files of a tar archive, without the folder that they are all in.
    private static Map<String, byte[]> unpacked(byte[] tar) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (int at = 0; at + BLOCK <= tar.length && tar[at] != 0; ) {
            String name = text(tar, at, 100);
            String prefix = text(tar, at + 345, 155);
            int size = Integer.parseInt(text(tar, at + 124, 12).strip(), 8);
            char kind = (char) tar[at + 156];
            at += BLOCK;
            if (kind == '0' || kind == 0) {
                String path = prefix.isEmpty() ? name : prefix + "/" + name;
                files.put(path.substring(path.indexOf('/') + 1), Arrays.copyOfRange(tar, at, at + size));
            } else if (kind != '5') {
                throw new IOException("The archive has an entry of kind '" + kind + "'; files and folders are read.");
            }
            at += Math.ceilDiv(size, BLOCK) * BLOCK;
        }
        return files;
    }

    /// The text of a field, up to its first zero byte.
    private static String text(byte[] tar, int from, int length) {
        int to = from;
        while (to < from + length && tar[to] != 0) {
            to++;
        }
        return new String(tar, from, to - from, StandardCharsets.UTF_8);
    }
}
