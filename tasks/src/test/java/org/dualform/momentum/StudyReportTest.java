package org.dualform.momentum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.UserException;
import org.dualform.momentum.result.PairedInterval;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyReportTest {
    private static MomentumStudy study(List<Long> seeds) {
        return new MomentumStudy(StudySize.TINY, List.of("sum"), List.of(0.9), seeds, null, null, null);
    }

    private static Measurement measured(String arm, long seed, double perplexity, double accuracy) {
        return new Measurement(
                arm,
                seed,
                Map.of(12, perplexity, 24, perplexity, 48, perplexity),
                Map.of(0, 0.3, 16, accuracy),
                Map.of(),
                "");
    }

    @Test
    void differencesArePairedBySeed() {
        List<Measurement> measured = new ArrayList<>();
        double[] noise = {5, 7, 6, 9, 4};
        for (int seed = 1; seed <= 5; seed++) {
            measured.add(measured("vanilla", seed, noise[seed - 1], 0.5));
            measured.add(measured("sum-0.9", seed, noise[seed - 1] - 1 - seed / 100.0, 0.5 + (seed % 2) / 10.0));
        }
        StudyReport report = new StudyReport(study(List.of(1L, 2L, 3L, 4L, 5L)), measured);
        PairedInterval d =
                report.difference("sum-0.9", one -> one.perplexityAt(48)).orElseThrow();
        assertThat(d.mean()).isCloseTo(-1.03, within(1e-12));
        // Standard deviation .01581, divided by √5, times 2.776.
        assertThat(d.high() - d.mean()).isCloseTo(0.01963, within(1e-4));
        assertThat(report.sentence())
                .contains("perplexity at 48 tokens, over 5 seeds: better than vanilla sum-0.9; worse none")
                .contains("accuracy at 16 shots, over 5 seeds: better than vanilla none; worse none; no effect that"
                        + " can be told from 0 sum-0.9");
        assertThat(report.markdown()).contains("| sum-0.9 | 5 | 5.17 (-1.03 [-1.05, -1.01])");
    }

    @Test
    void aTrainingThatDivergedIsLeftOutAndNamed() {
        List<Measurement> measured = List.of(
                measured("vanilla", 1, 5, 0.5),
                measured("vanilla", 2, 5, 0.5),
                measured("sum-0.9", 1, 4, 0.5),
                Measurement.diverged("sum-0.9", 2, "the loss is NaN"));
        String text = new StudyReport(study(List.of(1L, 2L)), measured).markdown();
        assertThat(text).contains("| sum-0.9 | 1 | 4.00 |").contains("- sum-0.9, seed 2: the loss is NaN");
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThatThrownBy(() -> new MomentumStudy(
                        StudySize.PAPER_350M, List.of("nesterov"), List.of(1.0, 0.9), List.of(1L, 1L), null, null, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("variants: has to be some of sum, mean, residual, not nesterov")
                .hasMessageContaining("eta: has to be a number above 0 and below 1, not 1.0")
                .hasMessageContaining("seeds: from 2 to 10 different ones are needed, not [1, 1]")
                .hasMessageContaining("size paper-350m trains on texts")
                .hasMessageContaining("steps: has to be a whole number from 1 to 1000000, not 0");
    }

    /** What is written for a larger machine is what would be trained here. */
    @Test
    void recipesAreWrittenAsTheyAreTrained(@TempDir Path folder) throws IOException {
        MomentumStudy paper = new MomentumStudy(
                StudySize.PAPER_350M,
                List.of("mean"),
                List.of(0.9),
                List.of(1L, 2L),
                folder,
                folder.resolve("m"),
                null);
        StudyRunner runner = new StudyRunner(paper, folder.resolve("out"), new TrainingListener() {});
        List<Path> written = runner.writeRecipes();
        assertThat(written).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(Recipe.read(written.get(i)))
                    .isEqualTo(paper.trainings().get(i).recipe());
        }
        assertThatThrownBy(paper.size()::requireFeasible)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--recipes-only");
    }

    /** Equal seeds, data, steps and parameters: the recipes differ in name and momentum alone. */
    @Test
    void trainingsOfOneSeedDifferInMomentumAlone() {
        MomentumStudy all = new MomentumStudy(
                StudySize.SMALL, List.of("sum", "residual"), List.of(0.5, 0.9), List.of(3L, 4L), null, null, null);
        List<MomentumStudy.Training> trainings = all.trainings();
        assertThat(trainings).hasSize(10);
        assertThat(trainings.stream().map(MomentumStudy.Training::name).distinct())
                .hasSize(10);
        for (MomentumStudy.Training training : trainings.subList(0, 5)) {
            assertThat(withoutMomentum(training)).isEqualTo(withoutMomentum(trainings.get(0)));
        }
    }

    private static String withoutMomentum(MomentumStudy.Training training) {
        String momentum = "momentum=" + training.recipe().model().momentum();
        return training.recipe().toString().replace(training.name(), "NAME").replace(momentum, "momentum=ANY");
    }
}
