package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;

class PromptAssemblerTest {
    private static final int BOS = CharacterEncoder.BOS;
    private static final int EOS = CharacterEncoder.EOS;
    private static final Template PLAIN =
            new Template("plain", 1, List.of("text"), "{text}:", Map.of(), null, "Say which.");

    private static final PieceEncoder CHARACTERS = CharacterEncoder.ofAllCharacters();

    private static List<LabelledRow> rows(List<String> texts) {
        List<LabelledRow> rows = new ArrayList<>();
        for (String text : texts)
            rows.add(new LabelledRow(
                    "train/" + rows.size(), Map.of("text", text), rows.size() % 2, "f:" + (rows.size() + 1)));
        return rows;
    }

    private static TokenIds ids(String text) {
        return CharacterEncoder.ids(text);
    }

    private static PromptAssembler assembler(boolean description) {
        return new PromptAssembler(CHARACTERS, PLAIN, List.of("n", "yes"), description);
    }

    @Example
    void sequencesAreThoseOfThePaper() {
        PromptSet prompts =
                assembler(false).assemble(rows(List.of("a", "bb")), 0, rows(List.of("q")), List.of(0, 1, 2), 100, 0);
        assertThat(prompts.context())
                .isEqualTo(TokenIds.of(BOS)
                        .then(ids("a: n"))
                        .then(EOS)
                        .then(ids("bb: yes"))
                        .then(EOS));
        assertThat(prompts.boundaries()).containsExactly(1, 6, 14);
        assertThat(prompts.demonstrations().get(1).tuning())
                .isEqualTo(TokenIds.of(BOS).then(ids("bb: yes")));
        assertThat(prompts.demonstrations()).allMatch(demonstration -> demonstration.lossFrom() == 1);
        assertThat(prompts.queries().get(0).ids()).isEqualTo(ids("q:"));
        assertThat(prompts.labels().get(1).ids()).isEqualTo(ids(" yes"));
        assertThat(prompts.maxQueryTokens()).isEqualTo(1 + 2 + 4);
        assertThat(prompts.endColumn(0)).isEqualTo(5);
    }

    @Example
    void theDescriptionOpensEveryContextAndHasNoLoss() {
        PromptSet prompts = assembler(true).assemble(rows(List.of("a")), 0, rows(List.of("q")), List.of(0, 1), 100, 0);
        TokenIds opening = TokenIds.of(BOS).then(ids("Say which.")).then(EOS);
        assertThat(prompts.context(0)).isEqualTo(opening);
        assertThat(prompts.shots().get(0).contextTokens()).isEqualTo(12);
        assertThat(prompts.demonstrations().get(0).tuning()).isEqualTo(opening.then(ids("a: n")));
        assertThat(prompts.demonstrations().get(0).lossFrom()).isEqualTo(12);
    }

    @Example
    void newlinesEndLines() {
        PromptSet prompts =
                assembler(false).assemble(rows(List.of("a\n\nb")), 0, rows(List.of("\nq\n")), List.of(1), 100, 0);
        assertThat(prompts.demonstrations().get(0).tuning())
                .isEqualTo(TokenIds.of(BOS).then(ids("a")).then(EOS).then(ids("b: n")));
        assertThat(prompts.queries().get(0).ids()).isEqualTo(ids("q").then(EOS).then(ids(":")));
    }

    @Example
    void theRuleIsStrictAndStopsAtTheFirstThatDoesNotFit() {
        // Opening 1; demonstrations of 5, 25 and 5 tokens; longest query with BOS and label 7.
        List<LabelledRow> rows = rows(List.of("a", "b".repeat(19), "c"));
        assertThat(assembler(false)
                        .assemble(rows, 0, rows(List.of("q")), List.of(3), 14, 0)
                        .shots())
                .containsExactly(new PromptSet.ShotCount(3, 1, 6));
        assertThatThrownBy(() -> assembler(false).assemble(rows, 0, rows(List.of("q")), List.of(0, 3), 13, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the model has 13 positions")
                .hasMessageContaining("14 would be needed");
        assertThat(assembler(false)
                        .assemble(rows, 0, rows(List.of("q")), List.of(0), 13, 0)
                        .shots())
                .containsExactly(new PromptSet.ShotCount(0, 0, 1));
        assertThatThrownBy(() -> assembler(false).assemble(rows, 0, rows(List.of("q")), List.of(3), 14, 1))
                .isInstanceOf(UserException.class);
    }

    @Example
    void aLabelWithoutADemonstrationIsNamed() {
        List<LabelledRow> rows = rows(List.of("a", "b", "c"));
        List<LabelledRow> queries = rows(List.of("q"));
        assertThat(assembler(false)
                        .assemble(rows, 0, queries, List.of(2), 100, 0)
                        .warnings())
                .isEmpty();
        assertThat(assembler(false)
                        .assemble(rows, 0, queries, List.of(0), 100, 0)
                        .warnings())
                .isEmpty();
        assertThat(assembler(false)
                        .assemble(rows, 0, queries, List.of(1), 100, 0)
                        .warnings())
                .containsExactly("Without a demonstration at 1 shot: yes. Neither method is shown such an answer.");
        assertThat(assembler(false)
                        .assemble(rows, row -> 1, 0, queries, List.of(2), 100, 0)
                        .warnings())
                .as("what a demonstration shows counts")
                .containsExactly("Without a demonstration at 2 shots: n. Neither method is shown such an answer.");
    }

    @Example
    void aQueryLongerThanTheContextIsNamed() {
        assertThatThrownBy(() -> assembler(false)
                        .assemble(rows(List.of("a")), 0, rows(List.of("q", "w".repeat(40))), List.of(0), 20, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("1 of 2 evaluated rows")
                .hasMessageContaining("train/1 (41)");
    }

    @Example
    void labelsThatCannotBeToldApartAreRefused() {
        Template same = new Template("same", 1, List.of("text"), "{text}", Map.of("a", "x", "b", "x"), null, null);
        assertThatThrownBy(() -> new PromptAssembler(CHARACTERS, same, List.of("a", "b"), false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a and b have equal tokens");
        assertThatThrownBy(() -> new PromptAssembler(CHARACTERS, same, List.of("a", "c", "d"), false))
                .hasMessageContaining("no word for the labels c, d");
        assertThatThrownBy(() -> new PromptAssembler(CHARACTERS, same, List.of("a"), true))
                .hasMessageContaining("no task description");
    }

    @Property(tries = 100)
    void aPrefixNeverDependsOnWhatFollows(
            @ForAll @Size(min = 2, max = 8) List<@AlphaChars @StringLength(min = 1, max = 9) String> texts,
            @ForAll @IntRange(min = 1, max = 7) int shots) {
        List<LabelledRow> rows = rows(texts);
        int fewer = Math.min(shots, texts.size());
        PromptSet all = assembler(false).assemble(rows, 0, rows(List.of("q")), List.of(texts.size()), 4000, 0);
        PromptSet some = assembler(false).assemble(rows, 0, rows(List.of("other")), List.of(fewer), 4000, 0);
        assertThat(all.context(fewer)).isEqualTo(some.context());
    }

    @Property(tries = 100)
    void anOrderHoldsExactlyTheRowsThatFitInOrderZero(
            @ForAll @Size(min = 1, max = 8) List<@AlphaChars @StringLength(min = 1, max = 30) String> texts,
            @ForAll @IntRange(min = 0, max = 9) int order,
            @ForAll @IntRange(min = 50, max = 200) int positions) {
        List<LabelledRow> rows = rows(texts);
        List<Integer> shots = List.of(1, 2, 4, 8);
        PromptSet drawn = assembler(false).assemble(rows, 0, rows(List.of("q")), shots, positions, 0);
        PromptSet moved = assembler(false).assemble(rows, order, rows(List.of("q")), shots, positions, 0);
        assertThat(moved.demonstrations()).containsExactlyInAnyOrderElementsOf(drawn.demonstrations());
        assertThat(moved.context().length()).isEqualTo(drawn.context().length());
        assertThat(moved.context().length() + moved.maxQueryTokens()).isLessThan(positions);
        assertThat(moved.shots()).extracting(PromptSet.ShotCount::trueShots).isSorted();
        assertThat(moved.shots()).allMatch(count -> count.trueShots() <= count.requested());
    }

    @Example
    void theFileReadsBackAsWritten() {
        PromptSet prompts =
                assembler(true).assemble(rows(List.of("a", "b")), 1, rows(List.of("<q>")), List.of(0, 2, 4), 100, 3);
        assertThat(PromptSet.fromJson(prompts.toJson())).isEqualTo(prompts);
        assertThat(new String(prompts.toJson(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"true_shots\":2", "\"max_query_tokens\":", "\"loss_from\":");
    }
}
