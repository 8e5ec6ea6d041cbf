package org.gradus.kernel;

import java.lang.reflect.Method;
import org.gradus.base.Type;

/// How many numbers kernels handle at once in this virtual machine: what the processor's vectors hold, where the
/// vector module is there; else one.
///
/// On the module path it is there. On the class path it is absent, unless the JVM was started with
/// `--add-modules jdk.incubator.vector`; then one line of the log says so. `-Dgradus.lanes=1|2|4|8|16` overrides the
/// choice (a number of `float32` lanes). Results do not depend on it.
public final class Lanes {
    private static final String MODULE = "jdk.incubator.vector";
    private static final int BITS = bits();

    private Lanes() {}

    /// The number of lanes for a type of number.
    public static int of(Type type) {
        return type.isFloating() ? Math.max(1, BITS / Byte.SIZE / type.bytes()) : 1;
    }

    /// Which form runs, in words.
    public static String describe() {
        return BITS == 0 ? "scalar" : BITS + "-bit vectors (" + of(Type.FLOAT32) + " float32 lanes)";
    }

    private static int bits() {
        System.Logger log = System.getLogger("org.gradus.kernel");
        Integer asked = Integer.getInteger("gradus.lanes");
        if (asked != null) {
            if (asked < 1 || asked > 16 || Integer.bitCount(asked) != 1) {
                throw new IllegalArgumentException("gradus.lanes is " + asked + ", but must be 1, 2, 4, 8 or 16.");
            }
            return asked == 1 ? 0 : asked * Float.SIZE;
        }
        Module module = ModuleLayer.boot().findModule(MODULE).orElse(null);
        String missing = module == null
                ? "the module " + MODULE + " is absent: put Gradus on the module path, or start Java with"
                        + " --add-modules " + MODULE
                : Lanes.class.getModule().canRead(module) ? null : "Gradus' module does not read " + MODULE;
        int preferred = missing == null ? preferred() : 0;
        if (missing == null && preferred < 128) {
            missing = "the processor's vectors have " + preferred + " bits";
        }
        if (missing != null) {
            log.log(System.Logger.Level.WARNING, "Gradus computes one number at a time, which is slow: {0}.", missing);
            return 0;
        }
        log.log(System.Logger.Level.DEBUG, "Gradus computes with vectors of {0} bits.", preferred);
        return Math.min(preferred, 512);
    }

    /// The bits of the vectors that the JVM prefers, asked by reflection: no class here may need the module.
    private static int preferred() {
        try {
            Object species = Class.forName(MODULE + ".FloatVector")
                    .getField("SPECIES_PREFERRED")
                    .get(null);
            Method size = Class.forName(MODULE + ".VectorSpecies").getMethod("vectorBitSize");
            return (int) size.invoke(species);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The vector module is not what Gradus knows.", e);
        }
    }
}
