package org.gradus.data;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gradus.base.GradusException;
import org.gradus.base.Philox;

/// A data set cut in three: to train on, to choose by, and to judge with once.
public record Split(Examples training, Examples validation, Examples test) {
    private static final long STREAM = Philox.stream("data.split", 0);

    /// 60 % training, 20 % validation, 20 % test; each class in these shares.
    ///
    /// @throws GradusException when the labels are no class numbers
    public static Split stratified(Examples all, long seed) {
        return stratified(all, seed, 0.6, 0.2);
    }

    /// Each class cut in these shares, rounded to whole examples; the rest is the test part. Which examples go where
    /// depends on the seed alone; in each part they keep their order.
    ///
    /// @throws GradusException when the labels are no class numbers, or the shares are no shares
    public static Split stratified(Examples all, long seed, double training, double validation) {
        if (!(training >= 0 && validation >= 0 && training + validation <= 1)) {
            throw new GradusException(
                    "split-shares",
                    "The shares for training and validation are at least 0 and at most 1 together, but are " + training
                            + " and " + validation + ". What they leave is the test part.");
        }
        if (all.labels().shape().rank() != 1 || !all.labels().type().type().isInteger()) {
            throw new GradusException(
                    "split-labels",
                    "A stratified split goes by class numbers, int64[examples], but the labels are "
                            + all.labels().type() + ". Cut other examples by position: `all.part(…)`.");
        }
        int[] parts = new int[all.size()]; // of each example: 0 training, 1 validation, 2 test
        Map<Long, int[]> classes = IntStream.range(0, all.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        all.labels()::getLong,
                        TreeMap::new,
                        Collectors.collectingAndThen(
                                Collectors.toList(),
                                members -> members.stream().mapToInt(i -> i).toArray())));
        classes.forEach((label, members) -> {
            Order.shuffled(members, Philox.of(seed, STREAM, label));
            int first = (int) Math.round(training * members.length);
            int second = (int) Math.round((training + validation) * members.length);
            for (int i = 0; i < members.length; i++) {
                parts[members[i]] = i < first ? 0 : i < second ? 1 : 2;
            }
        });
        return new Split(part(all, parts, 0), part(all, parts, 1), part(all, parts, 2));
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
