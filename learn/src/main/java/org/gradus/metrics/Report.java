package org.gradus.metrics;

/// How good a model is on some examples. As text it is a page for people; its parts are the numbers on it.
public sealed interface Report permits ClassificationReport, MultiLabelReport, RankingReport, RegressionReport {
    /// How many predictions were judged.
    int examples();
}
