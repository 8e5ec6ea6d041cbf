/// Layers, optimizers, data and training.
module org.gradus.learn {
    requires static transitive org.jspecify;
    requires transitive org.gradus.engine;
    requires transitive org.gradus.formats;
    requires de.siegmar.fastcsv;
    requires java.desktop; // decoders of PNG and JPEG

    exports org.gradus.config;
    exports org.gradus.data;
    exports org.gradus.data.augment;
    exports org.gradus.metrics;
    exports org.gradus.nn;
    exports org.gradus.optim;
    exports org.gradus.strategies;
    exports org.gradus.train;

    opens org.gradus.metrics to
            tools.jackson.databind; // which writes reports
    opens org.gradus.train to
            tools.jackson.databind; // which writes and reads the records of checkpoints
}
