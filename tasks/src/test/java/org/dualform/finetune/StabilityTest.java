package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Progress;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetReader;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;
import org.dualform.data.synthetic.SyntheticDatasets;
import org.dualform.finetune.RateSelection.Place;
import org.dualform.finetune.RateSelection.Selection;
import org.dualform.finetune.train.Stability;
import org.dualform.finetune.train.Tuned;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptAssembler;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Templates;
import org.dualform.spec.arm.Tuning;
import org.dualform.task.parameters.Source;
import org.dualform.task.source.ModelFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rates at which rounding decides, with the built-in model. */
class StabilityTest {
    private static final List<Integer> SHOTS = List.of(1, 8);

    @TempDir
    Path folder;

    private final Path mini = Path.of(System.getProperty("dualform.root", "..")).resolve("models/mini");

    /** Eight demonstrations of topics, and 40 rows to choose on. */
    private PromptSet prompts() {
        Dataset data = DatasetReader.read(new SyntheticDatasets().folder("topics", folder), "auto", Optional.empty());
        try (ModelFacts facts = ModelFacts.read(new Source("mini", mini, "", Optional.empty()))) {
            int rows = data.train().size();
            return new PromptAssembler(
                            facts.pieces(), Templates.choose("auto", "topics").template(), data.labels(), false)
                    .assemble(
                            Dataset.pick(data.train(), RowChoice.demonstrations(1, rows, 8)),
                            LabelledRow::label,
                            0,
                            Dataset.pick(data.train(), RowChoice.select(List.of(1), rows, 8, 40)),
                            List.of(0, 1, 8),
                            facts.positions(),
                            0);
        }
    }

    private static Map<Integer, Stability> at(double rate, LanguageModel model, PromptSet prompts) {
        FineTuning tuner = new FineTuning(model.decoder(), Tuning.STANDARD, 1, prompts);
        try (NDManager owner = model.manager().newSubManager()) {
            Tuned tuned = tuner.train(owner, SHOTS, rate, Progress.none());
            return tuner.stability(owner, tuned.update(), SHOTS, rate, Progress.none());
        }
    }

    @Test
    void roundingErrorsGrowWhereStepsAreTooLarge() {
        PromptSet prompts = prompts();
        try (LanguageModel model = LanguageModel.open(mini)) {
            Map<Integer, Stability> small = at(0.01, model, prompts);
            assertThat(small.get(8).growth()).isLessThan(10);
            assertThat(small.values()).noneMatch(Stability::unstable);
            assertThat(small.get(8).lossAfter()).isLessThan(small.get(8).lossBefore());
            Map<Integer, Stability> large = at(3, model, prompts);
            assertThat(large.get(8).growth()).isGreaterThan(100);
            assertThat(large.get(8).unstable()).isTrue();
            assertThat(large.get(8).lossAfter()).isGreaterThan(large.get(8).lossBefore());
            assertThat(large.get(1).unstable())
                    .as("one step multiplies nothing")
                    .isFalse();
        }
    }

    @Test
    void noUnstableRateIsChosenAndSmallerOnesAreTried() {
        PromptSet prompts = prompts();
        try (LanguageModel model = LanguageModel.open(mini)) {
            Selection chosen = new RateSelection(model.decoder(), prompts, 1)
                    .select(model.manager(), List.of(3., 1e38), Progress.none());
            assertThat(chosen.learningRate()).isLessThan(3);
            assertThat(chosen.place()).isEqualTo(Place.LOWEST);
            assertThat(chosen.grid()).hasSizeGreaterThan(2);
            assertThat(chosen.grid())
                    .extracting(RateSelection.Point::learningRate)
                    .isSorted();
            RateSelection.Point best = chosen.grid().get(0);
            assertThat(best.stability()).isNotNull().matches(stability -> !stability.unstable());
            assertThat(chosen.grid().stream().filter(point -> point.learningRate() == 3))
                    .singleElement()
                    .extracting(RateSelection.Point::stability)
                    .isNotNull()
                    .matches(stability -> ((Stability) stability).unstable());
        }
    }

    @Test
    void aSecondTrainingThatDivergesIsNoise() {
        Stability stability = Stability.of(8, List.of(2., 4.), List.of(1., 1.), List.of());
        assertThat(stability.unstable()).isTrue();
        assertThat(stability.lossBefore()).isEqualTo(3);
        assertThat(stability.growth()).isCloseTo(Math.pow(2, 23), within(1e-6));
        // Many steps may add up as many errors.
        double error = 3 * Math.ulp(1f);
        List<Double> nudged = List.of(1 + 500 * error, 1 - 500 * error);
        assertThat(Stability.of(8, List.of(2., 4.), List.of(1., 1.), nudged).unstable())
                .isTrue();
        assertThat(Stability.of(80, List.of(2., 4.), List.of(1., 1.), nudged).unstable())
                .isFalse();
    }
}
