package org.gradus.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> NAMES =
            List.of("age", "crop", "horizontal_flip", "kernel", "momentum", "price", "vertical_flip", "bias");

    @ParameterizedTest
    @CsvSource({
        "momentun, momentum",
        "kernal, kernel",
        "Prcie, price",
        "bais, bias",
        "flip, vertical_flip",
        "final_price, price",
        "ages, age",
        "vertically, vertical_flip",
    })
    void aNameThatIsLikeItIsMeant(String wanted, String nearest) {
        assertThat(Nearest.to(wanted, NAMES)).isEqualTo(nearest);
        assertThat(Nearest.guess(wanted, NAMES)).isEqualTo("; did you mean `" + nearest + "`?");
    }

    @Test
    void whatIsLikeNoneIsNone() {
        assertThat(Nearest.to("income", NAMES)).isEmpty();
        assertThat(Nearest.to("blur", NAMES)).isEmpty();
        assertThat(Nearest.guess("blur", NAMES)).isEqualTo(".");
        assertThat(Nearest.to("x", List.of("a", "b"))).isEmpty();
        assertThat(Nearest.to("A", List.of("a", "b"))).isEqualTo("a");
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }
}
