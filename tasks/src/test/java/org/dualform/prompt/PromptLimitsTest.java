package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.junit.jupiter.api.Test;

/** Tests prompts that fit the context to the last token, and the message for those that do not. */
class PromptLimitsTest {
    /** Label words take two and four tokens: {@code " n"} and {@code " yes"}. */
    private static final List<String> LABELS = List.of("n", "yes");

    private static Template template(String text) {
        return new Template("plain", 1, List.of("text"), text, Map.of(), "dev", null);
    }

    private static List<LabelledRow> rows(String... texts) {
        List<LabelledRow> rows = new ArrayList<>();
        for (String text : texts)
            rows.add(new LabelledRow("train/" + rows.size(), Map.of("text", text), rows.size() % 2, "f:1"));
        return rows;
    }

    private static PromptSet assembled(List<LabelledRow> demonstrations, List<LabelledRow> queries, int k, int size) {
        return new PromptAssembler(CharacterEncoder.ofAllCharacters(), template("{text}:"), LABELS, false)
                .assemble(demonstrations, 0, queries, List.of(k), size, 0);
    }

    @Test
    void aQueryMayFillTheContextToTheLastPosition() {
        // BOS, a query of 9 tokens, a label of 4.
        assertThat(assembled(rows("a"), rows("12345678"), 0, 14).queries()).hasSize(1);
        assertThatThrownBy(() -> assembled(rows("a"), rows("12345678"), 0, 13))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("13 positions, which leaves 8 tokens for a query: train/0 (9).");
    }

    @Test
    void theFirstFiveRowsThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> assembled(rows("a"), rows("123", "123", "123", "123", "123"), 0, 8))
                .hasMessageStartingWith("5 of 5 evaluated rows")
                .hasMessageContaining("train/4 (4).")
                .hasMessageNotContaining("…");
        assertThatThrownBy(() -> assembled(rows("a"), rows("123", "123", "123", "123", "123", "123"), 0, 8))
                .hasMessageContaining("train/4 (4), ….")
                .hasMessageNotContaining("train/5");
    }

    @Test
    void contentFreeInputsAreThoseThatFitBehindTheContext() {
        // "N/A:", ":" and "[MASK]:" take 4, 1 and 7 tokens; with the longest label 8, 5 and 11.
        assertThat(contentFree(12)).containsExactly("N/A:", ":", "[MASK]:");
        assertThat(contentFree(11)).containsExactly("N/A:", ":");
        assertThat(contentFree(9)).containsExactly("N/A:", ":");
        assertThat(contentFree(8)).containsExactly(":");
        PromptSet behindDemonstrations = assembled(rows("a"), rows("q"), 1, 1 + 5 + 8);
        assertThat(behindDemonstrations.contentFree())
                .extracting(PromptSet.Query::row)
                .containsExactly("content-free/0", "content-free/1");
    }

    private static List<String> contentFree(int positions) {
        return assembled(rows("a"), rows("q"), 0, positions).contentFree().stream()
                .map(PromptSet.Query::text)
                .toList();
    }

    @Test
    void anEmptyContentFreeInputIsLeftOut() {
        PromptSet prompts = new PromptAssembler(CharacterEncoder.ofAllCharacters(), template("{text}"), LABELS, false)
                .assemble(rows("a"), 0, rows("q"), List.of(0), 100, 0);
        assertThat(prompts.contentFree()).extracting(PromptSet.Query::text).containsExactly("N/A", "[MASK]");
    }

    @Test
    void aWarningTellsTooFewRowsFromTooLittleRoom() {
        assertThat(assembled(rows("a", "b"), rows("q"), 2, 100).warnings()).isEmpty();
        assertThat(assembled(rows("a", "b"), rows("q"), 3, 100).warnings())
                .containsExactly("Only 2 training rows exist for 3 shots.");
        // Room for BOS, two demonstrations of 5 and 7 tokens and a query of 7: one more row is there and does not fit.
        assertThat(assembled(rows("a", "b", "c"), rows("q"), 3, 21).warnings())
                .containsExactly("Only the first 2 of 3 demonstrations fit the context.");
        assertThat(assembled(rows("a", "b", "c"), rows("q"), 4, 21).warnings())
                .containsExactly("Only the first 2 of 4 demonstrations fit the context.");
    }

    @Test
    void aRowWithoutTheTemplatesFieldIsRefusedBeforeAnythingIsEncoded() {
        List<LabelledRow> other = List.of(new LabelledRow("train/0", Map.of("title", "a"), 0, "f:1"));
        assertThatThrownBy(() -> assembled(other, rows("q"), 1, 100))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The template plain");
        assertThatThrownBy(() -> assembled(rows("a"), other, 0, 100))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The template plain");
    }

    @Test
    void anIdIsWithinTheVocabulary() {
        int largest = 'q' + 3;
        assertThat(new Pieces(new CharacterEncoder(largest + 1)).text("q").at(0))
                .isEqualTo(largest);
        assertThatThrownBy(() -> new Pieces(new CharacterEncoder(largest)).text("q"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the id " + largest + " where the model knows " + largest + " tokens");
        assertThat(new Pieces(new CharacterEncoder(70_000)).text("\u0000").at(0))
                .as("the smallest id of a text")
                .isEqualTo(3);
    }

    @Test
    void theTemplatesSplitIsAPreference() {
        assertThat(template("{text}").evaluationSplit()).hasValue("dev");
    }
}
