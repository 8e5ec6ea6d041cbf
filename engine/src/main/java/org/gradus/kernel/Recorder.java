package org.gradus.kernel;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The steps of one method, in the order in which they were asked for, and the local variables that they use. They
/// become bytecode when the method is complete.
final class Recorder {
    /// From here on a slot number means a constant, which has no variable.
    static final int CONSTANTS = 1 << 20;

    /// A static field of the method's class, for a constant that is made once.
    ///
    /// @param code what puts its value onto the stack
    record Field(ClassDesc type, Consumer<CodeBuilder> code) {}

    private record Step(int depth, String text, Consumer<CodeBuilder> code) {}

    private final List<Step> prologue = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<List<Object>, Integer> constants = new HashMap<>();
    private final List<Consumer<CodeBuilder>> pushes = new ArrayList<>();
    private final Map<String, Field> fields = new HashMap<>();
    private int next;
    private int depth;

    /// A new local variable.
    int slot(TypeKind kind) {
        int slot = next;
        next += kind.slotSize();
        return slot;
    }

    /// Notes a step down.
    ///
    /// @param text what the listing says
    void add(String text, Consumer<CodeBuilder> code) {
        steps.add(new Step(depth, text, code));
    }

    /// Notes down what `body` does as the inside of a block, whose variables end with it.
    void block(Runnable body) {
        int mark = next;
        depth++;
        body.run();
        depth--;
        next = mark;
    }

    /// The slot number of a constant, which is made anew at each use. The just-in-time compiler takes it out of loops
    /// and keeps one of each; a variable that lives through a loop would make it allocate the object sometimes.
    ///
    /// @param key what makes it different from other constants
    /// @param code what puts it onto the stack
    int constant(List<Object> key, String text, Consumer<CodeBuilder> code) {
        Integer known = constants.get(key);
        if (known != null) {
            return known;
        }
        int slot = CONSTANTS + constants.size();
        constants.put(key, slot);
        pushes.add(code);
        prologue.add(new Step(0, name("c", slot) + " = " + text, c -> {}));
        return slot;
    }

    /// The slot number of a constant that is a field of the class: an object that takes much code to make. A shuffle, made at each
    /// use, keeps HotSpot's second compiler busy with some 300 calls to inline.
    ///
    /// @param owner the class of the method
    int field(List<Object> key, String text, ClassDesc owner, Field field) {
        String name = key.toString().replaceAll("\\W+", "_");
        fields.put(name, field);
        return constant(key, text, c -> c.getstatic(owner, name, field.type));
    }

    /// All these fields by name.
    Map<String, Field> fields() {
        return fields;
    }

    /// Puts a variable or a constant onto the stack.
    void push(CodeBuilder c, TypeKind kind, int slot) {
        if (slot < CONSTANTS) {
            c.loadLocal(kind, slot);
        } else {
            pushes.get(slot - CONSTANTS).accept(c);
        }
    }

    /// The number of steps so far, constants included: a measure of how much code there will be.
    int size() {
        return steps.size() + prologue.size();
    }

    /// Writes the bytecode, and the listing whose line numbers it carries.
    void replay(CodeBuilder code, List<String> listing) {
        for (List<Step> part : List.of(prologue, steps)) {
            for (Step step : part) {
                if (!step.text.isEmpty()) {
                    listing.add("    ".repeat(step.depth + 1) + step.text);
                    code.lineNumber(listing.size());
                }
                step.code.accept(code);
            }
        }
    }

    /// A variable's name in listings.
    static String name(String letter, int slot) {
        return slot < CONSTANTS ? letter + slot : "c" + (slot - CONSTANTS);
    }
}
