package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTokensTest {
    private static PromptSet.Label label(String word, int... ids) {
        return new PromptSet.Label("label of " + word, word, TokenIds.of(ids));
    }

    @Test
    void wordsOfOneTokenEachNeedNoWarning() {
        assertThat(LabelTokens.warnings(List.of(label("yes", 5), label("no", 6))))
                .isEmpty();
    }

    @Test
    void longWordsAreNamedWithTheirTokens() {
        assertThat(LabelTokens.warnings(List.of(label("yes", 5), label("negative", 6, 7, 8))))
                .containsExactly("Label words of several tokens: 'negative' (3). They are measured right, by the mean"
                        + " log-likelihood of their tokens, which favours longer words; the arm calibrated shows by how"
                        + " much.");
    }

    @Test
    void wordsThatBeginAlikeAreNamedTogether() {
        assertThat(LabelTokens.warnings(
                        List.of(label("unhappy", 5, 6), label("yes", 9), label("unsure", 5, 7), label("un", 5))))
                .hasSize(2)
                .last()
                .asString()
                .startsWith(
                        "3 label words begin with the same token: 'unhappy', 'unsure', 'un'. This is measured right, but only later tokens");
    }
}
