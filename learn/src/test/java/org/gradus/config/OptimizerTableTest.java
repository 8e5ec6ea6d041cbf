package org.gradus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.gradus.base.Type;
import org.gradus.data.Form;
import org.gradus.graph.StateKey.Role;
import org.gradus.nn.Flatten;
import org.gradus.nn.Linear;
import org.gradus.nn.MseLoss;
import org.gradus.nn.PerPosition;
import org.gradus.nn.Sequential;
import org.gradus.optim.Accumulate;
import org.gradus.optim.Adam;
import org.gradus.optim.AverageWeights;
import org.gradus.optim.Chain;
import org.gradus.optim.ClipByGlobalNorm;
import org.gradus.optim.ClipByNorm;
import org.gradus.optim.ClipByValue;
import org.gradus.optim.DecayWeights;
import org.gradus.optim.Groups;
import org.gradus.optim.Lbfgs;
import org.gradus.optim.LpPenalty;
import org.gradus.optim.MaxNorm;
import org.gradus.optim.Parameters;
import org.gradus.optim.Plateau;
import org.gradus.optim.Progress;
import org.gradus.optim.Rprop;
import org.gradus.optim.Rule;
import org.gradus.optim.Schedule;
import org.gradus.optim.Schedules;
import org.gradus.optim.Sgd;
import org.gradus.optim.ShrinkToZero;
import org.gradus.run.Session;
import org.gradus.train.Auxiliary;
import org.gradus.train.EarlyStopping;
import org.gradus.train.Event;
import org.gradus.train.Recipe;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `[optimizer]`, `[[auxiliary]]` and `[training]` say of training, and what is made of it.
class OptimizerTableTest {
    private static final Task LINE = new Task(new Form.Row(List.of("x")), List.of(), null);
    private static final List<Role> WEIGHTS = List.of(Role.WEIGHT, Role.EMBEDDING);

    @Test
    void rulesComeInTheirOrder() {
        Rule rule = rule("""
            type = "sgd"
            momentum = 0.9
            weight_decay = 0.1
            clip_norm = 1.0
            clip_value = 5.0
            clip_each_norm = 2.0
            penalty = [
              { type = "norm", p = 1.5, rate = 0.01 },
              { type = "max_norm", limit = 2.0, on = "ip*" },
              { type = "shrink", rate = 0.02, everywhere = true },
            ]
            """);

        assertThat(rule)
                .isEqualTo(Chain.of(
                        new LpPenalty(0.01, 1.5, true, WEIGHTS),
                        new ClipByValue(5),
                        new ClipByNorm(2),
                        new ClipByGlobalNorm(1),
                        DecayWeights.coupled(0.1),
                        Sgd.of(0.9),
                        new MaxNorm(2).on("ip*"),
                        ShrinkToZero.of(0.02).everywhere()));
    }

    @Test
    void penaltiesAreOfWeightsUnlessTheySay() {
        assertThat(rule("type = 'adam'\npenalty = { type = 'elastic', l1 = 0.1, l2 = 0.2 }"))
                .isEqualTo(Chain.of(LpPenalty.elastic(0.1, 0.2), Adam.of()));
        assertThat(rule("type = 'adam'\npenalty = { rate = 0.1, everywhere = true }"))
                .isEqualTo(Chain.of(LpPenalty.powers(0.1, 2).everywhere(), Adam.of()));
        assertThat(rule("type = 'adam'\npenalty = { type = 'decay', rate = 0.1, on = 'b*' }"))
                .isEqualTo(Chain.of(Adam.of(), DecayWeights.decoupled(0.1).on("b*")));
    }

    @Test
    void groupsAreAroundTheRuleThenBatchesAreGatheredThenAveraged() {
        Rule rule = rule("""
            type = "sgd"
            accumulate = 4
            average = { type = "ema", decay = 0.99 }
            [[optimizer.group]]
            parameters = "0.*"
            lr = 0.1
            from = 2.5
            [[optimizer.group]]
            parameters = "*.bias"
            weight_decay = 0.0
            """);

        assertThat(rule)
                .isEqualTo(new Accumulate(
                                4,
                                Groups.of(Sgd.of())
                                        .with(new Groups.Group(new Parameters("0.*"), 0.1, 1, 2.5))
                                        .with("*.bias", 1, 0))
                        .then(AverageWeights.exponential(0.99)));
        assertThat(rule("type = 'sgd'\naverage = { type = 'swa', from = 15, every = 2 }"))
                .isEqualTo(Sgd.of().then(AverageWeights.equal(15, 2).byEpoch()));
    }

    @Test
    void aSearchIsWithoutAnOptimizer() {
        Recipe recipe = recipe("[optimizer]\ntype = 'lbfgs'\niterations = 8\nhistory = 5\nlr = 0.5");

        assertThat(recipe.more().search()).isEqualTo(Lbfgs.of(0.5, 8, 5));
        assertThat(recipe("[optimizer]\ntype = 'lbfgs'\nstrong_wolfe = false")
                        .more()
                        .search())
                .isEqualTo(Lbfgs.of(1, 20, 100).withoutSearch());
    }

    @Test
    void theLecturesFormsAreReachable() {
        assertThat(rule("type = 'sgd'\nmomentum = 0.9\nnesterov = true\nlecture = true"))
                .isEqualTo(Sgd.ofLecture(0.9, true));
        assertThat(rule("type = 'rprop'\nstep_back = true")).isEqualTo(new Rprop(0.5, 1.2, 1e-6, 50, true));
    }

    @Test
    void schedulesComeAgainAndOneAfterTheOther() {
        Schedule restarts = rate("type = 'cosine_restarts'\nevery = 2\ngrowth = 2");
        Schedule cyclic = rate("type = 'cyclic'\nlow = 0.1\nup = 1\ndown = 3");
        Schedule sequence = rate(
                "type = 'sequence'\npart = [{ epochs = 2 }, { type = 'linear', epochs = 4, start = 0.5, end = 0.1 }]");

        assertThat(List.of(at(restarts, 0), at(restarts, 1), at(restarts, 2), at(restarts, 4), at(restarts, 6)))
                .containsExactly(1.0, 0.5, 1.0, 0.5, 1.0);
        assertThat(List.of(at(cyclic, 0), at(cyclic, 1), at(cyclic, 4))).containsExactly(0.1, 1.0, 0.1);
        assertThat(List.of(at(sequence, 1), at(sequence, 2), at(sequence, 4), at(sequence, 9)))
                .containsExactly(1.0, 0.5, 0.3, 0.1);
    }

    @Test
    void thePlateauHasAllItsNumbers() {
        assertThat(rate("type = 'plateau'")).isEqualTo(Schedules.plateau(1, 0.1));
        assertThat(rate(
                        "type = 'plateau'\nfactor = 0.5\npatience = 2\nthreshold = 0.01\nrelative = false\ncooldown = 3\n"
                                + "least = 0.2\nmetric = 'val_mae'\nlarger = true"))
                .isEqualTo(new Plateau(1, 0.5, "val_mae", true, 2, 0.01, false, 3, 0.2));
    }

    private static Schedule rate(String schedule) {
        return recipe("optimizer.lr = 1\n[schedule]\n" + schedule).optimizer().learningRate();
    }

    private static double at(Schedule schedule, int epoch) {
        return Math.round(1e9 * schedule.at(new Progress(0, epoch, 20, 0, 1))) / 1e9;
    }

    @Test
    void trainingEndsWhenTheLossStopsChanging() {
        assertThat(recipe("[training]\npatience = 2\nwatch = 'loss'\nmin_delta = 1e-4")
                        .earlyStopping())
                .isEqualTo(new EarlyStopping("loss", EarlyStopping.Goal.MIN, 2, 1e-4));
        assertThat(recipe("[training]\npatience = 2\nwatch = 'val_mae'\nlarger = true")
                        .earlyStopping())
                .isEqualTo(EarlyStopping.max("val_mae", 2));
    }

    @Test
    void headsHaveWeightsThatFollowASchedule() {
        Recipe recipe = recipe("""
            [[auxiliary]]
            at = "0"
            [[auxiliary]]
            at = "1"
            weight = 0.4
            schedule = { type = "linear" }
            head = [{ type = "linear", out = "classes", bias = false }]
            loss = { type = "mse" }
            [training]
            epochs = 10
            freeze = ["2.*", "3.*"]
            calibrate = true
            """);

        List<Auxiliary> heads = recipe.more().auxiliaries();
        assertThat(heads.get(0).head()).isEqualTo(Sequential.of(new Flatten(), Linear.of(1)));
        assertThat(heads.get(0).weight().at(Progress.START)).isEqualTo(1);
        assertThat(heads.get(1).head()).isEqualTo(Sequential.of(new Linear(1, false)));
        assertThat(Objective.of(heads.get(1).loss()).loss()).isEqualTo(new MseLoss());
        assertThat(heads.get(1).weight().at(new Progress(0, 5, 10, 0, 1))).isEqualTo(0.2);
        assertThat(recipe.more().frozen()).containsExactly(new Parameters("2.*"), new Parameters("3.*"));
        assertThat(recipe.more().calibrated()).isTrue();
    }

    /// A head on a text says something at each position, as the model does.
    @Test
    void headsOfTextsAreForEachPosition() {
        Task text = new Task(new Form.Text(List.of("a", "b"), 6), List.of("a", "b"), null);
        Recipe recipe = Configuration.parse("t.toml", """
            [model]
            name = "lstm"
            embedding = 3
            hidden = 4
            [[auxiliary]]
            at = "0"
            [[auxiliary]]
            at = "1"
            loss = { type = "mse" }
            """).recipe(text);
        Trainer trainer = new Trainer(new Session(1, Type.FLOAT32, 1), recipe.lasting(1));

        assertThat(trainer.fit(text.blank(8))).isEqualTo(Event.Ending.FINISHED);
        assertThat(recipe.more().auxiliaries().get(0).head()).isEqualTo(Linear.of(2));
        assertThat(recipe.more().auxiliaries().get(1).loss()).isInstanceOf(PerPosition.class);
    }

    @Test
    void theCompleteConfigurationSaysTheSame() {
        Experiment said = Configuration.parse("t.toml", """
            [optimizer]
            accumulate = 2
            penalty = [{ rate = 0.1 }]
            group = [{ parameters = "0.*", lr = 0.5 }]
            [[auxiliary]]
            at = "3"
            weight = 0.2
            """).experiment();
        Experiment again = Configuration.parse("again", said.toml()).experiment();

        assertThat(again.toml()).isEqualTo(said.toml()).contains("accumulate = 2", "clip_value = 0.0", "freeze = []");
        assertThat(again.recipe().optimizer().rule())
                .isEqualTo(said.recipe().optimizer().rule());
        assertThat(again.recipe().more().auxiliaries()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        [optimizer]; penalty = [{ p = 2 }]                  | line 2: [optimizer.penalty] needs the key `rate`
        [optimizer]; penalty = [{ rate = 1, p = 0.5 }]      | line 2: The order p is finite and at least 1
        [optimizer]; penalty = [{ type = 'l2', rate = 1 }]  | line 2: `type` in [optimizer.penalty] knows no `l2`
        [optimizer]; group = [{ lr = 2 }]                   | line 2: [optimizer.group] needs the key `parameters`
        [[optimizer.group]]; parameters = '*'; lr = -1      | line 1: The factor of a learning rate is at least 0
        [optimizer]; accumulate = 0                         | line 2: `accumulate` in [optimizer] takes a whole number of 1
        [optimizer.average]; type = 'ema'; decay = 2        | line 1: The part of an average that stays is from 0
        [optimizer]; clip_value = -1                        | line 2: `clip_value` in [optimizer] takes a number from 0 up
        [optimizer]; type = 'lbfgs'; weight_decay = 1       | line 3: [optimizer] has no key `weight_decay`
        [optimizer]; type = 'sgd'; momentum = 0.9; dampening = 0.1; lecture = true | line 4: `dampening` in [optimizer] takes 0
        [schedule]; type = 'exponential'; rate = -1         | line 3: `rate` in [schedule] takes a number from 0 up
        [schedule]; type = 'plateau'; colddown = 1          | line 3: [schedule] has no key `colddown`; did you mean `cooldown`
        [schedule]; type = 'sequence'                       | line 1: [schedule] needs the key `part`
        [schedule]; type = 'sequence'; part = [{ }]         | line 3: [schedule.part] needs the key `epochs`
        [[auxiliary]]; weight = 1                           | line 1: [auxiliary] needs the key `at`
        [[auxiliary]]; at = '0'; wight = 1                  | line 3: [auxiliary] has no key `wight`; did you mean `weight`
        [[auxiliary]]; at = '0'; schedule.type = 'cos'      | line 3: `type` in [auxiliary.schedule] knows no `cos`
        [training]; freeze = [1]                            | line 2: `freeze` in [training] takes texts in quotes
        """)
    void mistakesAreToldWithTheirLine(String toml, String message) {
        assertThatThrownBy(() -> recipe(toml.replace("; ", "\n"))).hasMessageContaining("`t.toml`, " + message);
    }

    private static Rule rule(String optimizer) {
        return recipe("[optimizer]\n" + optimizer).optimizer().rule();
    }

    private static Recipe recipe(String toml) {
        return Configuration.parse("t.toml", toml).recipe(LINE);
    }
}
