package org.gradus.run;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One run of one entry of a plan, for Java Flight Recorder. There may be many thousands a second, so it must be asked
/// for: `-XX:StartFlightRecording:org.gradus.Kernel#enabled=true`.
@Name("org.gradus.Kernel")
@Label("Kernel")
@Category("Gradus")
@Description("One entry of a step's plan")
@Enabled(false)
@StackTrace(false)
final class KernelEvent extends Event {
    @Label("Entry")
    @Description("The entry's number in the plan")
    int entry;

    @Label("Label")
    @Description("The ops in it and the line that made them")
    String label = "";

    @Label("Path")
    @Description("The layer that it belongs to")
    String path = "";

    @Label("Floating-point operations")
    long flops;

    @Label("Bytes read and written")
    @DataAmount
    long bytes;
}
