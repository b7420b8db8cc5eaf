package org.dualform.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathEncodingTest {
    private final PathEncoding ascii = new PathEncoding(StandardCharsets.US_ASCII);
    private final PathEncoding utf8 = new PathEncoding(StandardCharsets.UTF_8);

    @Test
    void everythingThatTheEncodingDamagedIsNamedAndNoValueOfAVariable() {
        Map<String, String> environment =
                Map.of("DUALFORM_HOME", "/\uFFFD\uFFFD", "HF_TOKEN", "secr\u00e9t", "LANG", "\u00e9");
        assertThatThrownBy(() -> ascii.check(List.of("--out", "h\uFFFDuser"), environment, "/\u00fcber"))
                .isInstanceOfSatisfying(UserException.class, e -> {
                    assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG);
                    assertThat(e.getMessage())
                            .contains("US-ASCII", "'h\uFFFDuser'", "DUALFORM_HOME", "HF_TOKEN", "the working folder")
                            .contains("LC_ALL=C.UTF-8")
                            .doesNotContain("secr", "LANG");
                });
    }

    @Test
    void plainNamesPassAndUtf8NamesEverything() {
        ascii.check(List.of("--out", "a b"), Map.of("DUALFORM_HOME", "/state"), "/work");
        utf8.check(List.of("h\u00e4user", "\uFFFD"), Map.of(), "/");
    }

    @Test
    void aPathThatJavaRefusesIsExplainedOnlyByTheEncoding() {
        InvalidPathException outside = new InvalidPathException("/m\u00f6del", "unmappable");
        assertThat(ascii.explain(outside))
                .hasValueSatisfying(e -> assertThat(e.getMessage()).contains("the path '/m\u00f6del'", "LC_ALL"));
        assertThat(utf8.explain(outside)).isEmpty();
        assertThat(ascii.explain(new InvalidPathException("a", "Nul character not allowed")))
                .isEmpty();
    }
}
