package org.gradus.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.gradus.base.GradusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlTest {
    private static final String TEXT = """
            # a comment
            title = "tab\\t, quote\\", \\u00e9" # behind
            'odd key' = 'C:\\raw'
            numbers = [ 1, -2.5e3, 0xff, 1_000,
              inf, # in between
            ]
            on = true
            lines = \"""
            one
            two\\
               three\"""
            point = { x = 1, y.z = false }

            [a.b]
            c.d = 4
            [a]
            e = '''it's'''
            [[a.list]]
            n = 1
            [[a.list.inner]]
            deep = "yes"
            [[a.list]]
            """;

    @Test
    void aTextBecomesTables() {
        assertThat(Toml.parse("t", TEXT).plain())
                .isEqualTo(Map.of(
                        "title",
                        "tab\t, quote\", é",
                        "odd key",
                        "C:\\raw",
                        "numbers",
                        List.of(1L, -2500.0, 255L, 1000L, Double.POSITIVE_INFINITY),
                        "on",
                        true,
                        "lines",
                        "one\ntwothree",
                        "point",
                        Map.of("x", 1L, "y", Map.of("z", false)),
                        "a",
                        Map.of(
                                "b",
                                Map.of("c", Map.of("d", 4L)),
                                "e",
                                "it's",
                                "list",
                                List.of(Map.of("n", 1L, "inner", List.of(Map.of("deep", "yes"))), Map.of()))));
    }

    @Test
    void eachValueKnowsItsLine() {
        Map<String, TomlValue> top = Toml.parse("t", TEXT).table();

        assertThat(top.get("title")).extracting(TomlValue::line).isEqualTo(2);
        assertThat(top.get("numbers").list()).extracting(TomlValue::line).containsExactly(4, 4, 4, 4, 5);
        assertThat(top.get("on").line()).isEqualTo(7);
        assertThat(top.get("point").line()).isEqualTo(12);
        assertThat(top.get("a").table().get("list").list())
                .extracting(TomlValue::line)
                .containsExactly(18, 22);
    }

    @Test
    void whatIsWrittenReadsBack() {
        Object plain = Toml.parse("t", TEXT).plain();

        String text = Toml.text(table(plain));

        assertThat(Toml.parse("t", text).plain()).isEqualTo(plain);
        assertThat(Toml.text(table(Toml.parse("t", text).plain()))).isEqualTo(text);
    }

    @Test
    void windowsLinesAndAByteOrderMarkAreFine() {
        assertThat(Toml.parse("t", "\uFEFFa = 1\r\n[b]\r\nc = \"\"\"d\r\ne\"\"\"\r\n")
                        .plain())
                .isEqualTo(Map.of("a", 1L, "b", Map.of("c", "d\ne")));
        assertThat(Toml.parse("t", "").plain()).isEqualTo(Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a = ten            | line 1: ten is no value. Texts stand in quotes: "ten".
            ;a =               | line 2: a value is missing before the end.
            a = 1;a = 2        | line 2: `a` is there already, from line 1.
            [a];[a]            | line 2: `a` is there already, from line 1.
            a = 1;[a]          | line 2: `a` is there already, from line 1.
            a = [1];[[a]]      | line 2: `a` is there already, from line 1.
            a = {b = 1};[a.c]  | line 2: `a` is there already, from line 1.
            a = 1 b = 2        | line 1: a new line is missing before `b`.
            a 1                | line 1: `=` is missing before `1`.
            = 1                | line 1: a key is missing before `=`.
            a = [1, 2          | line 1: `]` is missing before the end in line 1, in the list that begins with `[` here.
            a = [1 2           | line 1: `,` is missing before `2` in line 1, in the list that begins with `[` here.
            a = ["b",;"c";[d]  | line 1: `]` is missing before `[` in line 3, in the list that begins with `[` here.
            a = ["b",;d = 1    | line 2: d is no value. Texts stand in quotes: "d"; or is the list open that begins in line 1?
            a = [1,;[2,;3      | line 2: `]` is missing before the end in line 3, in the list that begins with `[` here.
            a = 0,05           | line 1: the comma after 0 does not belong there. A number is written with a decimal point, such as 0.05.
            [a                 | line 1: `]` is missing before the end.
            [[a] ]             | line 1: `]]` is missing before `]`.
            a = "b             | line 1: a text does not end before the line does.
            a = "\\x"          | line 1: \\x is no escape.
            a = 1979-05-27     | line 1: 1979-05-27 is no value.
            a = 012            | line 1: 012 is no value.
            a = 99999999999999999999 | line 1: 99999999999999999999 is too large a number.
            """)
    void whatIsWrongIsToldWithItsLine(String text, String message) {
        assertThatThrownBy(() -> Toml.parse("t.toml", text.replace(';', '\n').replace("\\\\", "\\")))
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith("`t.toml`, " + message.replace("\\\\", "\\"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"# \u007f", "a = '\0'", "a = 1\rb = 2", "a = \"\"\"\u001b\"\"\""})
    void controlCharactersAreNoText(String text) {
        assertThatThrownBy(() -> Toml.parse("t.toml", "\n" + text))
                .isInstanceOf(GradusException.class)
                .hasMessageMatching("`t\\.toml`, line 2: the character 0x(7f|00|0d|1b) is no text\\.");
    }

    @SuppressWarnings("unchecked") // tables have texts as keys
    private static Map<String, ?> table(Object plain) {
        return (Map<String, ?>) plain;
    }
}
