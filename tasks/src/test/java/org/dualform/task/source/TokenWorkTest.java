package org.dualform.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.dualform.spec.arm.Tuning;
import org.dualform.task.parameters.Source;
import org.junit.jupiter.api.Test;

/** The numbers are worked out by hand, for a model whose head has 1.5 times the numbers of its blocks. */
class TokenWorkTest {
    private static final TokenWork WORK = new TokenWork(1.5);

    @Test
    void anAnswerNeedsTheHeadWhereItsLabelIsRead() {
        // 20 queries of 40 tokens, a label of one token each: 800 + 1.5 · 20.
        assertThat(WORK.answers(800, 20)).isEqualTo(830);
    }

    @Test
    void aLossNeedsTheHeadAtEveryToken() {
        assertThat(WORK.losses(100)).isEqualTo(250);
    }

    @Test
    void aStepGoesForwardAndBackThroughBlocksAndHead() {
        // 2.4 · (10 + 30) · (1 + 1.5)
        assertThat(steps(Tuning.STANDARD)).isEqualTo(240);
        // 3.4 · (10 + 30) · (1 + 1.5): the matrices have gradients too.
        assertThat(steps(Tuning.of("all"))).isEqualTo(340);
        // 2.4 · ((10 + 30) + 1.5 · 2 · 2): two steps with a label of two tokens.
        assertThat(steps(Tuning.of("label_loss"))).isEqualTo(110);
        // 2.4 · (10 + 30) · (1 + 3 · 1.5): the head behind each of three layers.
        assertThat(steps(Tuning.of("lcgd"))).isEqualTo(528);
    }

    private static long steps(Tuning tuning) {
        return WORK.steps(Stream.of(10, 30), tuning, 2, 3);
    }

    @Test
    void theSpeedIsToldInTheSameUnit() {
        // Rows of 30 tokens and a head of 1.5: 31.5 units in the time of 30 tokens.
        assertThat(WORK.inSecond(1000, 30)).isCloseTo(1050, within(1e-9));
    }

    @Test
    void theBuiltInModelsHeadIsATenthOfItsBlocks() {
        // 545,024 numbers, of which 411 · 128 = 52,608 are the tied embedding; the blocks have 492,416.
        Path mini = Path.of(System.getProperty("dualform.root", ".."), "models", "mini");
        try (ModelFacts facts = ModelFacts.read(new Source("mini", mini, "0".repeat(64), Optional.empty()))) {
            assertThat(TokenWork.of(facts).head()).isCloseTo(52_608 / 492_416.0, within(1e-12));
        }
    }
}
