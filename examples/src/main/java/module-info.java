/// Small programs to read and to start from.
module org.gradus.examples {
    requires static org.jspecify;
    requires org.gradus.learn;
}
