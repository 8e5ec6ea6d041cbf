/// Tensors, graphs, their derivatives, and the plans and sessions that run them.
module org.gradus.engine {
    requires static transitive org.jspecify;
    requires jdk.incubator.vector;
    requires jdk.jfr;

    exports org.gradus.autodiff;
    exports org.gradus.base;
    exports org.gradus.eager;
    exports org.gradus.expr;
    exports org.gradus.graph;
    exports org.gradus.ops;
    exports org.gradus.plan;
    exports org.gradus.run;
}
