package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.data.LabelledRow;
import org.junit.jupiter.api.Test;

/** Tests what other classes read of prompts: columns, changed labels, another order. */
class PromptSetTest {
    private static final Template TEMPLATE =
            new Template("plain", 1, List.of("text"), "{text}:", Map.of(), null, "Say which.");

    private static List<LabelledRow> rows(String... texts) {
        List<LabelledRow> rows = new ArrayList<>();
        for (String text : texts)
            rows.add(new LabelledRow("train/" + rows.size(), Map.of("text", text), rows.size() % 2, "f:1"));
        return rows;
    }

    /** Rows 0, 1, 2 have the labels 0, 1, 0; all show label 1. */
    private static PromptSet prompts() {
        return new PromptAssembler(CharacterEncoder.ofAllCharacters(), TEMPLATE, List.of("n", "yes"), true)
                .assemble(rows("a", "bb", "c"), row -> 1, 0, rows("q", "r"), List.of(1, 3), 200, 0);
    }

    @Test
    void theShareOfChangedLabelsCountsTheFirstDemonstrations() {
        assertThat(prompts().changedLabels(1)).isEqualTo(1.0);
        assertThat(prompts().changedLabels(2)).isEqualTo(0.5);
        assertThat(prompts().changedLabels(3)).isEqualTo(2 / 3.0);
    }

    @Test
    void theOpeningIsBosAndTheDescription() {
        assertThat(prompts().openingTokens()).isEqualTo(1 + "Say which.".length() + 1);
        assertThat(prompts().firstColumn(0)).isEqualTo(prompts().openingTokens());
    }

    @Test
    void anotherOrderHoldsTheSameDemonstrationsElsewhere() {
        PromptSet drawn = prompts();
        PromptSet moved = drawn.reordered(List.of(2, 0, 1), 1);
        assertThat(moved.context())
                .isEqualTo(drawn.context()
                        .cut(drawn.openingTokens())
                        .then(CharacterEncoder.ids("c: yes"))
                        .then(CharacterEncoder.EOS)
                        .then(CharacterEncoder.ids("a: yes"))
                        .then(CharacterEncoder.EOS)
                        .then(CharacterEncoder.ids("bb: yes"))
                        .then(CharacterEncoder.EOS));
        assertThat(moved.demonstrations())
                .containsExactly(
                        drawn.demonstrations().get(2),
                        drawn.demonstrations().get(0),
                        drawn.demonstrations().get(1));
        assertThat(moved.queries()).containsExactly(drawn.queries().get(0));
        assertThat(moved.boundaries()).containsExactly(12, 19, 26, 34);
        assertThat(moved.shots())
                .containsExactly(new PromptSet.ShotCount(3, 3, drawn.context().length()));
    }

    @Test
    void idsAreEqualWhereTheyAreTheSame() {
        TokenIds ids = TokenIds.of(5, 6);
        assertThat(ids).isEqualTo(TokenIds.of(5, 6)).hasSameHashCodeAs(TokenIds.of(5, 6));
        assertThat(ids).isNotEqualTo(TokenIds.of(5, 7)).isNotEqualTo("[5, 6]");
        assertThat(ids.hashCode()).isNotEqualTo(TokenIds.of(6, 5).hashCode());
        assertThat(ids.at(1)).isEqualTo(6);
        assertThat(ids).hasToString("[5, 6]");
    }
}
