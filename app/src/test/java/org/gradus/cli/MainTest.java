package org.gradus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void theHelpListsTheCommands() {
        Spoken help = Spoken.by("--help");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: gradus", "Commands:", "train", "--version");
        assertThat(help.err()).isEmpty();
        assertThat(Spoken.by()).isEqualTo(help);
        assertThat(Spoken.by("-h")).isEqualTo(help);
    }

    @Test
    void theVersionIsToldWithThatOfJava() {
        Spoken version = Spoken.by("--version");

        assertThat(version.code()).isZero();
        assertThat(version.out())
                .startsWith("gradus")
                .contains("Java " + Runtime.version().feature());
    }

    @Test
    void anUnknownCommandIsToldWithTheNearestOne() {
        Spoken spoken = Spoken.by("trian");

        assertThat(spoken.code()).isEqualTo(1);
        assertThat(spoken.out()).isEmpty();
        assertThat(spoken.err())
                .isEqualToIgnoringNewLines("gradus: `gradus` knows no command or argument trian; did you mean train?"
                        + " `gradus --help` lists what there is.");
    }

    @Test
    void anUnknownOptionIsTold() {
        assertThat(Spoken.by("--foo"))
                .extracting(Spoken::code, spoken -> spoken.err().strip())
                .containsExactly(1, "gradus: `gradus` knows no option --foo. `gradus --help` lists what there is.");
    }
}
