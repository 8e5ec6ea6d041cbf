package org.gradus.run;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One run of a step, for Java Flight Recorder: from when its inputs are there until its states are written. Tracing and
/// planning are not in it.
@Name("org.gradus.Step")
@Label("Step")
@Category("Gradus")
@Description("One run of a step, without tracing and planning")
@StackTrace(false)
final class StepEvent extends Event {
    @Label("Name")
    String name = "";

    @Label("Number")
    @Description("How many training steps the session had made before")
    long number;

    @Label("Inputs")
    @Description("The types of the inputs, for which the step was planned")
    String inputs = "";
}
