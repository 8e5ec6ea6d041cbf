package org.gradus.data.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Shape;
import org.gradus.base.TensorType;
import org.gradus.base.Type;
import org.gradus.data.Batch;
import org.gradus.data.Dataset;
import org.gradus.data.Examples;
import org.gradus.data.Scaling;
import org.jspecify.annotations.Nullable;

/// A data set whose examples are changed at random, in each pass in another way: first all distortions, in their order,
/// then one of the mixings, if there are any, with another example that was distorted too. Random numbers depend on the
/// seed of the run, the pass and the example's position alone.
///
/// Where there are mixings, class numbers become probabilities `float32[size, classes]`. Outside of a pass nothing is
/// distorted or mixed.
public final class Augmented implements Dataset {
    private static final int PARTNERS = -1; // the numbers of streams that are no distortions'
    private static final int MIXINGS = -2;

    /// A pass over the data.
    private record Pass(long seed, long epoch) {}

    private final Dataset examples;
    private final int classes;
    private final List<Distortion> distortions = new ArrayList<>();
    private final List<Mixing> mixings = new ArrayList<>();
    private final List<Augmentation> all;
    private final @Nullable Scaling scaling;
    private final @Nullable Pass pass;

    private Augmented(
            Dataset examples, int classes, List<Augmentation> all, @Nullable Scaling scaling, @Nullable Pass pass) {
        this.examples = examples;
        this.classes = classes;
        this.all = List.copyOf(all);
        this.scaling = scaling;
        this.pass = pass;
        for (Augmentation one : all) {
            switch (one) {
                case Distortion distortion -> distortions.add(distortion);
                case Mixing mixing -> mixings.add(mixing);
            }
        }
    }

    /// Examples `float32[size, channels, height, width]`, or rows for those augmentations that take them.
    public static Augmented of(Examples examples, Augmentation... augmentations) {
        return of(examples, examples.classes().size(), List.of(augmentations));
    }

    /// Any data set.
    ///
    /// @param classes how many there are, for mixings; 0 when labels are numbers to predict
    public static Augmented of(Dataset examples, int classes, List<Augmentation> augmentations) {
        return new Augmented(examples, classes, augmentations, null, null);
    }

    /// The same in the units of a scaling, which comes after all augmentations.
    public Augmented scaled(Scaling units) {
        return new Augmented(examples, classes, all, units, pass);
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public Dataset pass(long seed, long epoch) {
        return new Augmented(examples.pass(seed, epoch), classes, all, scaling, new Pass(seed, epoch));
    }

    @Override
    public Batch batch(int... positions) {
        Batch plain = examples.batch(positions);
        Array labels = mixings.isEmpty() ? plain.labels() : soft(plain.labels());
        Array weights = plain.weights();
        Array features = plain.features();
        if (pass != null) {
            List<Image> images = distorted(pass, plain, positions);
            if (!mixings.isEmpty()) {
                mix(pass, images, labels, weights, positions);
            }
            features = joined(features.shape(), images);
        }
        return new Batch(scaling == null ? features : scaling.apply(features), labels, weights);
    }

    private List<Image> distorted(Pass now, Batch batch, int[] positions) {
        Shape shape = batch.features().shape();
        demandTaken(batch.features().type());
        float[] values = (float[]) batch.features().storage();
        boolean rows = shape.rank() != 4;
        int width = shape.count() / Math.max(1, positions.length);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            float[] own = Arrays.copyOfRange(values, i * width, (i + 1) * width);
            Image image =
                    rows ? new Image(1, 1, width, own) : new Image(shape.size(1), shape.size(2), shape.size(3), own);
            images.add(distorted(now, image, positions[i]));
        }
        return images;
    }

    private Image distorted(Pass now, Image image, int position) {
        Image changed = image;
        for (int i = 0; i < distortions.size(); i++) {
            Draws random = Draws.of(now.seed(), i, now.epoch(), position);
            if (!(distortions.get(i) instanceof Geometric geometric)) {
                changed = distortions.get(i).apply(changed, random);
                continue;
            }
            Affine map = geometric.map(changed, random);
            while (i + 1 < distortions.size()
                    && distortions.get(i + 1) instanceof Geometric next
                    && next.border() == geometric.border()) {
                i++;
                map = map.then(next.map(changed, Draws.of(now.seed(), i, now.epoch(), position)));
            }
            changed = map.resampled(changed, geometric.border());
        }
        return changed;
    }

    /// Mixes each image with another one of the data set, any with the same probability, and labels and weights alike.
    private void mix(Pass now, List<Image> images, Array labels, @Nullable Array weights, int[] positions) {
        int[] partners = new int[positions.length];
        for (int i = 0; i < partners.length; i++) {
            partners[i] =
                    Draws.of(now.seed(), PARTNERS, now.epoch(), positions[i]).below(size());
        }
        Batch others = examples.batch(partners);
        List<Image> theirs = distorted(now, others, partners);
        Array softened = soft(others.labels());
        int width = labels.count() / Math.max(1, positions.length);
        for (int i = 0; i < positions.length; i++) {
            Draws random = Draws.of(now.seed(), MIXINGS, now.epoch(), positions[i]);
            Mixing mixing = mixings.get(random.below(mixings.size()));
            double share = mixing.mix(images.get(i), theirs.get(i), random);
            for (int k = i * width; k < (i + 1) * width; k++) {
                labels.set(k, softened.get(k) + share * (labels.get(k) - softened.get(k)));
            }
            if (weights != null && others.weights() != null) {
                double other = others.weights().get(i);
                weights.set(i, other + share * (weights.get(i) - other));
            }
        }
    }

    /// Labels that can be mixed, as a copy: class numbers as probabilities of 0 and 1.
    private Array soft(Array labels) {
        if (!labels.type().type().isInteger()) {
            return labels.to(labels.type().type());
        }
        if (classes == 0) {
            throw new GradusException(
                    "augment-labels",
                    "Mixing makes probabilities of class numbers, but of the labels " + labels.type()
                            + " it is not known how many classes there are. Name the classes.");
        }
        Array soft = Array.zeros(new TensorType(
                Type.FLOAT32, labels.shape().inserted(labels.shape().rank(), classes)));
        for (int i = 0; i < labels.count(); i++) {
            soft.set(i * classes + (int) labels.getLong(i), 1);
        }
        return soft;
    }

    private void demandTaken(TensorType type) {
        for (Augmentation one : all) {
            if (type.type() != Type.FLOAT32 || (type.shape().rank() != 4 && !one.takesRows())) {
                throw new GradusException(
                        "augment-form",
                        one + " changes images, float32[size, channels, height, width], but the examples are " + type
                                + ". Rows of numbers take noise and mixup alone.");
            }
        }
    }

    private static Array joined(Shape shape, List<Image> images) {
        float[] values = new float[shape.count()];
        int to = 0;
        for (Image image : images) {
            System.arraycopy(image.values(), 0, values, to, image.values().length);
            to += image.values().length;
        }
        return Array.of(shape, values);
    }
}
