package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.finetune.train.DemonstrationTrainer;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.train.Training;
import org.dualform.finetune.update.Projection;
import org.dualform.finetune.update.ProjectionShape;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.infer.Prediction;
import org.dualform.infer.ShotSweep;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompting and fine-tuning a real model gives what plain transformers gives, example by example. */
class ReferenceTest {
    @ParameterizedTest
    @ValueSource(strings = {"stories15M_sst2_limit256", "stories15M_agnews_limit256", "stories15M_sst2_k8"})
    void agreesWithTransformers(String name) throws Exception {
        Reference reference = Reference.read(name);
        PromptSet prompts = reference.prompts();
        int k = reference.shots();
        try (LanguageModel model = reference.model();
                NDManager manager = model.manager().newSubManager()) {
            Decoder decoder = reference.decoder(model);
            ShotSweep sweep = new ShotSweep(prompts);
            ShotSweep.Result prompted = sweep.run(manager, decoder, List.of(0, k), "icl", Progress.none());
            DemonstrationTrainer.Trained trained = train(manager, decoder, prompts, reference.learningRate());
            ShotSweep.Result tuned =
                    new TunedSweep(sweep).run(manager, decoder, trained.update(), List.of(k), "ft", Progress.none());

            List<Prediction> zsl = prompted.shots().get(0).predictions();
            List<Prediction> icl = prompted.shots().get(k).predictions();
            List<Prediction> ft = tuned.shots().get(k).predictions();
            compare(reference, "zsl", zsl, 1e-4);
            compare(reference, "icl", icl, 1e-4);
            compare(reference, "ftzs", ft, 1e-3);
            compareTraining(manager, reference, trained);
            List<Integer> fixed = IntStream.range(0, zsl.size())
                    .filter(i -> !right(zsl.get(i)) && right(ft.get(i)))
                    .boxed()
                    .toList();
            assertThat(fixed).isEqualTo(Reference.integers(reference.json().at("/rec2ftp/fixed_by_ft")));
            assertThat(fixed.stream().filter(i -> right(icl.get(i))).toList())
                    .isEqualTo(Reference.integers(reference.json().at("/rec2ftp/and_by_icl")));
        }
    }

    @Test
    void aLargeRateDiverges() throws Exception {
        Reference reference = Reference.read("stories15M_sst2_limit256");
        try (LanguageModel model = reference.model();
                NDManager manager = model.manager().newSubManager()) {
            DemonstrationTrainer.Trained trained = train(manager, model.decoder(), reference.prompts(), 0.02);
            Training.Course course = trained.training().shots().get(4);
            assertThat(course.divergence()).isEqualTo("diverged at step 3");
            assertThat(course.losses()).hasSize(3).isSorted();
            assertThat(trained.update().shots()).doesNotContain(4);
        }
    }

    private static DemonstrationTrainer.Trained train(
            NDManager manager, Decoder decoder, PromptSet prompts, double rate) {
        var trainer = new DemonstrationTrainer(decoder);
        List<Sequence> sequences = Sequence.of(prompts);
        UpdatePlan plan = trainer.plan(sequences, List.of(1, sequences.size()), 1);
        return trainer.train(manager, plan, sequences, rate, Progress.none());
    }

    private static void compare(Reference reference, String setting, List<Prediction> predictions, double tolerance) {
        for (int i = 0; i < predictions.size(); i++) {
            Prediction own = predictions.get(i);
            List<Double> expected =
                    Reference.doubles(reference.example(setting, i).get("scores"));
            for (int label = 0; label < expected.size(); label++) {
                assertThat(own.scores().get(label))
                        .as("%s of example %d, label %d", setting, i, label)
                        .isCloseTo(expected.get(label), within(tolerance));
                List<Double> tokens =
                        Reference.doubles(reference.example(setting, i).at("/token_log_likelihoods/" + label));
                for (int t = 0; t < tokens.size(); t++) {
                    assertThat(own.tokenLogLikelihoods().get(label).get(t))
                            .isCloseTo(tokens.get(t), within(2 * tolerance));
                }
            }
            assertThat(own.predicted())
                    .isEqualTo(reference.example(setting, i).get("pred").asInt());
        }
        double accuracy =
                100.0 * predictions.stream().filter(ReferenceTest::right).count() / predictions.size();
        assertThat(accuracy)
                .isCloseTo(reference.json().at("/accuracy/" + setting).asDouble(), within(1e-5));
    }

    private static void compareTraining(NDManager manager, Reference reference, DemonstrationTrainer.Trained trained) {
        List<Double> losses = Reference.doubles(reference.json().get("ft_losses"));
        List<Double> own = trained.training().shots().get(reference.shots()).losses();
        assertThat(own).hasSameSizeAs(losses);
        for (int step = 0; step < losses.size(); step++) {
            assertThat(own.get(step)).isCloseTo(losses.get(step), within(2e-4));
        }
        List<Double> norms = Reference.doubles(reference.json().get("ft_delta_norms_in_parameter_order"));
        var ownNorms = new ArrayList<Double>(); // per layer K, V
        ProjectionShape shape = trained.update().plan().shape();
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                NDArray sum = manager.zeros(new Shape(shape.out(), shape.in()));
                trained.update().addTo(reference.shots(), layer, projection, sum, null);
                ownNorms.add((double) sum.norm().getFloat());
            }
        }
        assertThat(ownNorms).hasSameSizeAs(norms);
        for (int i = 0; i < norms.size(); i++) {
            assertThat(ownNorms.get(i)).as("norm %d", i).isCloseTo(norms.get(i), within(1e-3 * norms.get(i)));
        }
    }

    private static boolean right(Prediction prediction) {
        return prediction.predicted() == prediction.gold();
    }
}
