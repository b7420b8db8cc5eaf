package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.finetune.RateSelection.Place;
import org.dualform.finetune.RateSelection.Point;
import org.dualform.finetune.RateSelection.Selection;
import org.dualform.model.Assets;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.junit.jupiter.api.Test;

class RateSelectionTest {
    private static final int WORD = 70;

    /** Every demonstration, and every held-out row, has the label word {@value #WORD} behind other tokens. */
    private static PromptSet prompts(int demonstrations, int rows) {
        return new PromptSet(
                new PromptSet.TemplateUse("test", 1, "", false),
                0,
                2,
                64,
                0,
                8,
                List.of(
                        new PromptSet.Label("a", "a", TokenIds.of(WORD)),
                        new PromptSet.Label("b", "b", TokenIds.of(WORD + 1))),
                TokenIds.of(0),
                List.of(1),
                List.of(),
                IntStream.range(0, demonstrations)
                        .mapToObj(i -> new PromptSet.Demonstration(
                                "train:" + i, "", 0, TokenIds.of(0, 10 + i, 30 + i, 50, WORD), 4))
                        .toList(),
                IntStream.range(0, rows)
                        .mapToObj(i -> new PromptSet.Query("train:" + (20 + i), "", 0, TokenIds.of(20 + i, 40, 50)))
                        .toList(),
                List.of());
    }

    @Test
    void theLikeliestRateWinsAndTheWholeGridIsTold() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama_gqa"))) {
            var selection = new RateSelection(model.decoder(), prompts(4, 6), 1);
            var told = new ArrayList<Long>();
            Selection chosen = selection.select(model.manager(), List.of(0.03, 1e-4, 1e38), (what, done, total) -> {
                told.add(done);
                assertThat(done).isLessThanOrEqualTo(total);
            });
            assertThat(chosen.learningRate()).isEqualTo(0.03);
            assertThat(chosen.place()).isEqualTo(Place.INSIDE);
            assertThat(chosen.grid()).extracting(Point::learningRate).containsExactly(1e-4, 0.03, 1e38);
            assertThat(chosen.grid().get(2).divergence()).startsWith("diverged at step");
            assertThat(chosen.grid().get(2).meanLogLikelihood()).isNull();
            assertThat(chosen.grid().get(1).meanLogLikelihood())
                    .isGreaterThan(chosen.grid().get(0).meanLogLikelihood());
            assertThat(chosen.untuned().meanLogLikelihood())
                    .isCloseTo(chosen.grid().get(0).meanLogLikelihood(), offset(0.05));
            assertThat(chosen.rows()).isEqualTo(6);
            assertThat(chosen.shots()).isEqualTo(4);
            assertThat(told).isSorted();
        }
    }

    @Test
    void anOptimumAtTheEdgeIsFlagged() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama_gqa"))) {
            var selection = new RateSelection(model.decoder(), prompts(2, 3), 1);
            assertThat(place(selection, model, List.of(1e-4, 0.03))).isEqualTo(Place.HIGHEST);
            assertThat(place(selection, model, List.of(0.03, 1e38))).isEqualTo(Place.LOWEST);
            assertThat(place(selection, model, List.of(1e307, 1e308))).isEqualTo(Place.ALL_DIVERGED);
        }
    }

    @Test
    void rowsAreNeeded() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama_gqa"));
                NDManager manager = model.manager().newSubManager()) {
            assertThatThrownBy(() -> new RateSelection(model.decoder(), prompts(2, 0), 1))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("No training row is left");
            assertThat(RateSelection.GRID).isSorted().startsWith(1e-4).endsWith(3e-1);
        }
    }

    private static Place place(RateSelection selection, LanguageModel model, List<Double> rates) {
        return selection.select(model.manager(), rates, Progress.none()).place();
    }
}
