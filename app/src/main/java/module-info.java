/// The command line.
module org.gradus.app {
    requires static org.jspecify;
    requires org.gradus.learn;
    requires info.picocli;

    opens org.gradus.cli to
            info.picocli;
}
