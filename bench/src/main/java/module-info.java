/// Times training steps and kernels, compares them with other libraries, and trains networks on real data. Nothing depends
/// on it.
module org.gradus.bench {
    requires static org.jspecify;
    requires java.management; // how busy the machine is
    requires org.gradus.learn;
    requires info.picocli;

    opens org.gradus.bench to
            info.picocli,
            tools.jackson.databind;
}
