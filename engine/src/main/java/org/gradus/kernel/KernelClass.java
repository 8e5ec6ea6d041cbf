package org.gradus.kernel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.gradus.base.Type;
import org.jspecify.annotations.Nullable;

/// A small hidden class under construction: one object of it is a kernel. When the object is garbage, so is the class. It
/// extends (or implements) a *kind*, a type of this package with one abstract method, and may have static methods of its
/// own for the parts of a long kernel: HotSpot compiles method by method, and gives up on long ones.
///
/// The class file is of an old version, which has no stack maps: to compute them keeps the interpreter and HotSpot's compilers busy
/// for as long as all the rest of it. HotSpot's older verifier finds out by itself what they would say. So nothing newer may be
/// emitted, such as a call of an interface's static method.
///
/// A class counts its lines by its listing, so a stack trace points there. With `-Dgradus.dump=FOLDER` every class
/// file and listing is written to that folder.
final class KernelClass<T> {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicLong DEFINED = new AtomicLong();
    private static final @Nullable String DUMP = System.getProperty("gradus.dump");

    private record Part(String name, MethodTypeDesc type, int flags, Recorder recorder, Form form) {}

    private final Class<T> kind;
    private final String name;
    private final ClassDesc self;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> listing = new ArrayList<>();

    /// @param kind an interface or abstract class of this package with one abstract method
    /// @param name what the kernel does, in a word, for stack traces and profiles
    KernelClass(Class<T> kind, String name) {
        this.kind = kind;
        this.name = name + COUNT.incrementAndGet();
        this.self = ClassDesc.of(KernelClass.class.getPackageName(), this.name);
    }

    /// A kernel of one method, which `write` emits.
    static <T> T emit(Class<T> kind, String name, Type type, int lanes, Consumer<Emitter> write) {
        KernelClass<T> made = new KernelClass<>(kind, name);
        write.accept(made.method(type, lanes));
        return made.define();
    }

    /// The kind's one abstract method, to be emitted. Its parameters are the emitter's first values.
    Emitter method(Type type, int lanes) {
        Method method = Arrays.stream(kind.getMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()))
                .findFirst()
                .orElseThrow();
        Recorder recorder = new Recorder();
        recorder.slot(TypeKind.REFERENCE); // this
        MethodTypeDesc descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .describeConstable()
                .orElseThrow();
        int flags = ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL;
        return add(new Part(method.getName(), descriptor, flags, recorder, new Form(type, lanes)));
    }

    /// A static method to be emitted, for [Emitter#call].
    Emitter method(String name, Type type, int lanes, Class<?>... parameters) {
        MethodTypeDesc descriptor = MethodType.methodType(void.class, parameters)
                .describeConstable()
                .orElseThrow();
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;
        return add(new Part(name, descriptor, flags, new Recorder(), new Form(type, lanes)));
    }

    private Emitter add(Part part) {
        parts.add(part);
        return new Emitter(part.recorder, part.form, self, part.name, part.type);
    }

    /// Defines the class and makes its one object. The last thing to be called here.
    T define() {
        parts.forEach(part -> Practice.of(part.form));
        byte[] bytes = ClassFile.of().build(self, this::build);
        dump(bytes);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            DEFINED.incrementAndGet();
            return kind.cast(lookup.lookupClass().getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(listing(), e);
        }
    }

    /// How many kernels were made since the start of the program.
    static long defined() {
        return DEFINED.get();
    }

    /// What was emitted, as text; complete once the class is defined.
    String listing() {
        return String.join(System.lineSeparator(), listing);
    }

    private void build(ClassBuilder made) {
        ClassDesc kindName = kind.describeConstable().orElseThrow();
        made.withVersion(ClassFile.JAVA_5_VERSION, 0)
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .with(SourceFileAttribute.of(name + ".kernel"));
        if (kind.isInterface()) {
            made.withInterfaceSymbols(kindName);
        } else {
            made.withSuperclass(kindName);
        }
        ClassDesc above = kind.isInterface() ? CD_Object : kindName;
        made.withMethodBody(
                INIT_NAME,
                MTD_void,
                0,
                code -> code.aload(0).invokespecial(above, INIT_NAME, MTD_void).return_());
        fields(made);
        for (Part part : parts) {
            int start = listing.size();
            made.withMethodBody(part.name, part.type, part.flags, code -> {
                listing.subList(start, listing.size()).clear(); // called again where jumps turn out to be long
                listing.add(part.name + part.type.displayDescriptor() + ":");
                if (!part.form.isScalar()) {
                    avoidFirstCompiler(code);
                }
                part.recorder.replay(code, listing);
                code.return_();
            });
        }
    }

    /// The static fields of all parts, and the method that sets them.
    private void fields(ClassBuilder made) {
        Map<String, Recorder.Field> fields = new TreeMap<>();
        parts.forEach(part -> fields.putAll(part.recorder.fields()));
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
        fields.forEach((field, value) -> made.withField(field, value.type(), flags));
        if (!fields.isEmpty()) {
            made.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
                fields.forEach((field, value) -> {
                    value.code().accept(code);
                    code.putstatic(self, field, value.type());
                });
                code.return_();
            });
        }
    }

    /// An exception handler for an instruction that throws nothing, which is also reached by going on. HotSpot's first
    /// compiler gives up on that, at once; the interpreter then does the counting, and the second compiler goes past it.
    /// The first one does not know vectors: its code makes objects of them, is hardly faster than the interpreter, and takes
    /// up to 60 ms a kernel to make, often twice, while others wait.
    private static void avoidFirstCompiler(CodeBuilder code) {
        Label first = code.newBoundLabel();
        code.nop();
        Label end = code.newBoundLabel();
        code.aconst_null();
        Label handler = code.newBoundLabel();
        code.pop();
        code.exceptionCatchAll(first, end, handler);
    }

    private void dump(byte[] bytes) {
        if (DUMP != null) {
            try {
                Path folder = Files.createDirectories(Path.of(DUMP));
                Files.write(folder.resolve(name + ".class"), bytes);
                Files.writeString(folder.resolve(name + ".kernel"), listing());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
