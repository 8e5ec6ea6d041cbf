/// Readers and writers of array and model files. It knows files and arrays, and no layers.
module org.gradus.formats {
    requires static org.jspecify;
    requires transitive org.gradus.engine;
    requires tools.jackson.databind;

    exports org.gradus.formats;
}
