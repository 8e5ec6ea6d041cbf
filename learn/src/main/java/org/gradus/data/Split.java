package org.gradus.data;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.gradus.base.Array;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;

/// A data set cut in three: to train on, to choose by, and to judge with once.
public record Split(Examples training, Examples validation, Examples test) {
    private static final long STREAM = Philox.stream("data.split", 0);
    private static final long FOLDS = Philox.stream("data.folds", 0);
    private static final double TRAINING = 0.6;
    private static final double VALIDATION = 0.2;

    /// 60 % training, 20 % validation, 20 % test: class by class where the labels are class numbers, else all examples
    /// alike.
    ///
    /// @throws GradusException when a class has too few examples
    public static Split of(Examples all, long seed) {
        return of(all, seed, TRAINING, VALIDATION);
    }

    /// Cut in these shares: class by class where the labels are class numbers, else all examples alike.
    ///
    /// @throws GradusException when a class has too few examples, or the shares are no shares
    public static Split of(Examples all, long seed, double training, double validation) {
        return areClasses(all) ? stratified(all, seed, training, validation) : plain(all, seed, training, validation);
    }

    /// 60 % training, 20 % validation, 20 % test; each class in these shares.
    ///
    /// @throws GradusException when the labels are no class numbers, or a class has too few examples
    public static Split stratified(Examples all, long seed) {
        return stratified(all, seed, TRAINING, VALIDATION);
    }

    /// Each class cut in these shares, rounded to whole examples, but at least one where the share is not 0; the rest is
    /// the test part. Which examples go where depends on the seed alone; in each part they keep their order.
    ///
    /// @throws GradusException when the labels are no class numbers, a class has fewer examples than there are parts, or
    ///     the shares are no shares
    public static Split stratified(Examples all, long seed, double training, double validation) {
        if (!areClasses(all)) {
            throw new GradusException(
                    "split-labels",
                    "A stratified split goes by class numbers, int64[examples], but the labels are "
                            + all.labels().type() + ". Cut other examples with `Split.plain(…)`.");
        }
        return cut(all, groups(all), seed, training, validation);
    }

    /// All examples alike cut in these shares, as [#stratified(Examples, long, double, double)] does with those of a
    /// class: for numbers to predict.
    ///
    /// @throws GradusException when there are fewer examples than parts, or the shares are no shares
    public static Split plain(Examples all, long seed, double training, double validation) {
        return cut(all, Map.of(-1L, Order.sequential(all.size())), seed, training, validation);
    }

    private static boolean areClasses(Examples all) {
        return all.labelType().shape().rank() == 1 && all.labelType().type().isInteger();
    }

    /// @param groups the positions of each class, or of all examples as the class -1
    private static Split cut(Examples all, Map<Long, int[]> groups, long seed, double training, double validation) {
        demandShares(training, validation);
        int[] parts = new int[all.size()]; // of each example: 0 training, 1 validation, 2 test
        int least = (training > 0 ? 1 : 0) + (validation > 0 ? 1 : 0);
        int tests = training + validation < 1 ? 1 : 0;
        groups.forEach((label, members) -> {
            if (members.length < least + tests) {
                throw tooFew(all, label, members.length, least + tests);
            }
            Order.shuffled(members, Philox.of(seed, STREAM, label));
            int first = (int) Math.round(training * members.length);
            int second = (int) Math.round((training + validation) * members.length);
            // At least one in each part that has a share.
            second = Math.clamp(second, least, members.length - tests);
            first = Math.clamp(first, training > 0 ? 1 : 0, second - (validation > 0 ? 1 : 0));
            for (int i = 0; i < members.length; i++) {
                parts[members[i]] = i < first ? 0 : i < second ? 1 : 2;
            }
        });
        return new Split(part(all, parts, 0), part(all, parts, 1), part(all, parts, 2));
    }

    private static void demandShares(double training, double validation) {
        if (!(training >= 0 && validation >= 0 && training + validation <= 1)) {
            throw new GradusException(
                    "split-shares",
                    "The shares for training and validation are at least 0 and at most 1 together, but are " + training
                            + " and " + validation + ". What they leave is the test part.");
        }
    }

    private static GradusException tooFew(Examples all, long label, int members, int needed) {
        String name = all.classes().isEmpty()
                ? String.valueOf(label)
                : "`" + all.classes().get((int) label) + "`";
        return new GradusException(
                "split-class",
                (label < 0 ? "The data set" : "The class " + name) + " has " + members
                        + (members == 1 ? " example" : " examples") + ", but a split into " + needed
                        + " parts needs at least one for each part. Add examples"
                        + (label < 0 ? "." : ", or leave the class out."));
    }

    /// The first examples for training, those in the middle for validation, the last to test: for what has an order in time,
    /// where neighbours are alike.
    ///
    /// @throws GradusException when there are fewer examples than parts, or the shares are no shares
    public static Split inOrder(Examples all, double training, double validation) {
        demandShares(training, validation);
        if (all.size() < 3) {
            throw tooFew(all, -1, all.size(), 3);
        }
        int least = validation > 0 ? 1 : 0;
        int first = Math.clamp(Math.round(training * all.size()), 1, all.size() - 1 - least);
        int second = Math.clamp(Math.round((training + validation) * all.size()), first + least, all.size() - 1);
        int[] parts = new int[all.size()];
        Arrays.setAll(parts, i -> i < first ? 0 : i < second ? 1 : 2);
        return new Split(part(all, parts, 0), part(all, parts, 1), part(all, parts, 2));
    }

    /// One of the cuts of a k-fold cross-validation: the test part is the fold-th of k parts of about the same size, class by
    /// class where the labels are class numbers; what is left is cut into training and validation. Over all folds each
    /// example is tested with once.
    ///
    /// @param fold counted from 1
    /// @param validation its share of what is left
    /// @throws GradusException when there is no such fold, a class has fewer than k examples, or the share is none
    public static Split fold(Examples all, long seed, int k, int fold, double validation) {
        if (k < 2 || fold < 1 || fold > k) {
            throw new GradusException(
                    "split-fold",
                    "Data are cut into 2 or more folds, of which one is for testing, counted from 1, but fold " + fold
                            + " of " + k + " was asked for.");
        }
        int[] places = new int[all.size()]; // the fold of each example, from 0
        int begun = 0; // so that the last folds are not the smaller ones in each class
        for (Map.Entry<Long, int[]> group : groups(all).entrySet()) {
            int[] members = group.getValue();
            if (members.length < k) {
                throw tooFew(all, group.getKey(), members.length, k);
            }
            Order.shuffled(members, Philox.of(seed, FOLDS, group.getKey()));
            for (int i = 0; i < members.length; i++) {
                places[members[i]] = (begun + i) % k;
            }
            begun = (begun + members.length) % k;
        }
        Examples rest = all.part(IntStream.range(0, places.length)
                .filter(i -> places[i] != fold - 1)
                .toArray());
        Split cut = of(rest, seed, 1 - validation, validation);
        return new Split(cut.training(), cut.validation(), part(all, places, fold - 1));
    }

    /// The positions of the examples of each class, or all as the class -1 where labels are no classes.
    private static Map<Long, int[]> groups(Examples all) {
        if (!areClasses(all)) {
            return Map.of(-1L, Order.sequential(all.size()));
        }
        Array labels = all.labels();
        Map<Long, IntStream.Builder> members = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            members.computeIfAbsent(labels.getLong(i), _ -> IntStream.builder()).add(i);
        }
        Map<Long, int[]> groups = new TreeMap<>();
        members.forEach(
                (label, positions) -> groups.put(label, positions.build().toArray()));
        return groups;
    }

    /// The same change made to all three parts, such as a [Scaling] that was fitted to the first.
    public Split with(Scaling scaling) {
        return new Split(scaling.apply(training), scaling.apply(validation), scaling.apply(test));
    }

    private static Examples part(Examples all, int[] parts, int number) {
        return all.part(
                IntStream.range(0, parts.length).filter(i -> parts[i] == number).toArray());
    }

    /// The three sizes.
    @Override
    public String toString() {
        return Arrays.asList(training.size(), validation.size(), test.size()) + " examples";
    }
}
