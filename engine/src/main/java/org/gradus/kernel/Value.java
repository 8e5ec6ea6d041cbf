package org.gradus.kernel;

/// Something that emitted code holds in a local variable while it runs; what an [Emitter] takes and gives.
sealed interface Value {
    /// The local variable; negative for a literal, from [Recorder#CONSTANTS] on for a constant of the method.
    int slot();

    /// As many floating-point numbers as the form has lanes: a vector, or one plain number.
    record Numbers(int slot, double literal) implements Value {
        Numbers(int slot) {
            this(slot, 0);
        }

        @Override
        public String toString() {
            return slot < 0 ? Double.toString(literal) : Recorder.name("v", slot);
        }
    }

    /// The bits of as many numbers as the form has lanes, as integers of the same width.
    record Bits(int slot, long literal) implements Value {
        Bits(int slot) {
            this(slot, 0);
        }

        @Override
        public String toString() {
            return slot < 0 ? "0x" + Long.toHexString(literal) : Recorder.name("b", slot);
        }
    }

    /// As many truth values as the form has lanes.
    record Mask(int slot) implements Value {
        @Override
        public String toString() {
            return Recorder.name("m", slot);
        }
    }

    /// One `int`: an index, an offset, a size. A literal where it is known while the code is emitted.
    record Int(int slot, int literal) implements Value {
        static Int of(int literal) {
            return new Int(-1, literal);
        }

        boolean isLiteral() {
            return slot < 0;
        }

        boolean is(int value) {
            return isLiteral() && literal == value;
        }

        @Override
        public String toString() {
            return isLiteral() ? Integer.toString(literal) : Recorder.name("i", slot);
        }
    }

    /// One reference: an array, or an array of arrays.
    record Ref(int slot) implements Value {
        @Override
        public String toString() {
            return Recorder.name("a", slot);
        }
    }
}
