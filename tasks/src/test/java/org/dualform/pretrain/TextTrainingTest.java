package org.dualform.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.dualform.base.Sha256;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.model.Transformers;
import org.dualform.model.family.rms.MomentumLlama;
import org.dualform.model.part.Momentum;
import org.dualform.pretrain.recipe.Recipe;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings on a folder of texts, with momentum, and what can go wrong in them. */
class TextTrainingTest {
    @TempDir
    Path folder;

    private Path texts;
    private Path out;

    @BeforeEach
    void writeTexts() throws IOException {
        texts = Files.createDirectories(folder.resolve("texts/sub"));
        out = folder.resolve("out");
        Files.writeString(texts.resolve("a.txt"), "the happy dog later Label: marble\n".repeat(40));
        Files.writeString(texts.resolve("b.md"), "the lovely bread yesterday Label: window\n".repeat(40));
        Files.writeString(texts.resolve("c.json"), "{}");
        texts = folder.resolve("texts");
    }

    private Recipe recipe(int steps, int rows, int accumulation, double rate, Recipe.Carried momentum) {
        return recipe(steps, rows, accumulation, rate, momentum, 1000);
    }

    private Recipe recipe(
            int steps, int rows, int accumulation, double rate, Recipe.Carried momentum, int checkpointEvery) {
        return new Recipe(
                "text",
                5,
                steps,
                new Recipe.Shape(16, 2, 2, 24, 64, 10_000, 1e-5, momentum),
                List.of(new Recipe.Phase(1, 17, rows)),
                new Recipe.Optimizer(rate, 2, 0.3, 0.9, 0.98, 1e-8, 0.05, 1, accumulation),
                null,
                null,
                null,
                checkpointEvery,
                new Recipe.Text(texts, Recipes.builtInFile().getParent(), 0.2),
                new Recipe.HeldOut(5, 6));
    }

    private void train(Recipe recipe, Path to, Progress progress, TrainingListener listener) {
        try (Pretrainer trainer = new Pretrainer(recipe, to, listener)) {
            trainer.run(progress);
        }
    }

    private void train(Recipe recipe, Path to) {
        train(recipe, to, Progress.none(), new TrainingListener() {});
    }

    private static Progress stopAt(int step) {
        return (what, done, total) -> {
            if (done == step) throw new CancelledException();
        };
    }

    @Test
    void theLossOnTextsFallsAndWhatIsHeldOutIsTold() throws IOException {
        TreeMap<Integer, Double> heldOut = new TreeMap<>();
        train(recipe(20, 8, 1, 0.01, null), out, Progress.none(), new TrainingListener() {
            @Override
            public void heldOut(int step, double loss) {
                heldOut.put(step, loss);
            }
        });
        assertThat(heldOut.keySet()).containsExactly(5, 10, 15, 20);
        assertThat(heldOut.get(20)).isLessThan(heldOut.get(5) - 0.5);
        JsonNode config = Json.mapper().readTree(out.resolve("config.json").toFile());
        assertThat(config.path("model_type").asText()).isEqualTo("llama");
        assertThat(Files.readString(out.resolve("tokenizer.json")))
                .isEqualTo(Files.readString(Recipes.builtInFile().resolveSibling("tokenizer.json")));
    }

    @Test
    void textsArePackedOnceAndAgainWhenTheyChange() throws IOException {
        Recipe recipe = recipe(1, 1, 1, 0.01, null);
        train(recipe, out);
        Path packed = out.resolve(Pretrainer.TOKENS);
        Object first = Files.readAttributes(packed, "*").get("fileKey");
        train(recipe, out);
        assertThat(Files.readAttributes(packed, "*").get("fileKey")).isEqualTo(first);
        String before = Sha256.hex(packed);
        Files.writeString(texts.resolve("sub/a.txt"), "other words\n".repeat(50));
        train(recipe, out);
        assertThat(Sha256.hex(packed)).isNotEqualTo(before);
    }

    /** Two batches of four documents are the eight documents of one batch, but for the order of sums. */
    @Test
    void accumulatedGradientsAreThoseOfTheWholeBatch() {
        List<Double> losses = new ArrayList<>();
        for (Recipe recipe : List.of(recipe(10, 8, 1, 0.01, null), recipe(10, 4, 2, 0.01, null))) {
            train(recipe, folder.resolve("accumulated" + losses.size()), Progress.none(), new TrainingListener() {
                @Override
                public void heldOut(int step, double loss) {
                    losses.add(loss);
                }
            });
        }
        assertThat(losses).hasSize(4);
        assertThat(losses.get(2)).isCloseTo(losses.get(0), within(1e-4));
        assertThat(losses.get(3)).isCloseTo(losses.get(1), within(1e-4));
        assertThat(recipe(10, 4, 2, 0.01, null).tokensBefore(10)).isEqualTo(10L * 2 * 4 * 16);
    }

    @ParameterizedTest
    @EnumSource
    void aMomentumModelIsSavedUnderItsOwnNameAndOpenedAgain(Momentum.Form form) throws IOException {
        List<Double> losses = new ArrayList<>();
        Recipe recipe = recipe(5, 4, 1, 0.01, new Recipe.Carried(form.id(), 0.9));
        train(recipe, out, Progress.none(), new TrainingListener() {
            @Override
            public void heldOut(int step, double loss) {
                losses.add(loss);
            }
        });
        JsonNode config = Json.mapper().readTree(out.resolve("config.json").toFile());
        assertThat(config.path("model_type").asText()).isEqualTo(MomentumLlama.NAME);
        assertThat(config.path("architectures").path(0).asText()).isEqualTo(MomentumLlama.CLASS);
        try (LanguageModel model = LanguageModel.open(out);
                NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            assertThat(model.architecture().momentum()).isEqualTo(new Momentum(form, 0.9));
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, new long[] {0, 5, 9}));
            assertThat(hidden.isNaN().any().getBoolean()).isFalse();
        }
        assertThat(losses).hasSize(1);
    }

    @Test
    @Tag("slow")
    void transformersRefusesAMomentumModel() throws Exception {
        train(recipe(1, 1, 1, 0.01, new Recipe.Carried("sum", 0.9)), out);
        JsonNode told = Transformers.run(TextTrainingTest.class, "refused.py", out.toString());
        assertThat(told.path("error").asText()).contains("dualform_momentum");
    }

    @Test
    void aTrainingOnTextsGoesOnToTheSameBits() throws IOException {
        Recipe recipe = recipe(12, 4, 2, 0.01, new Recipe.Carried("mean", 0.5));
        train(recipe, out);
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> train(recipe, stopped, stopAt(7), new TrainingListener() {}))
                .isInstanceOf(CancelledException.class);
        train(recipe, stopped);
        for (String file : List.of("model.safetensors", "learning_curve.jsonl")) {
            assertThat(Sha256.hex(stopped.resolve(file))).isEqualTo(Sha256.hex(out.resolve(file)));
        }
    }

    @Test
    void aTrainingThatDivergesStopsAndKeepsItsCheckpoint() throws IOException {
        Recipe recipe = recipe(400, 4, 1, 40, null, 1);
        assertThatThrownBy(() -> train(recipe, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The training diverged at step")
                .hasMessageContaining("The last good checkpoint is kept in " + out)
                .hasMessageContaining("optimizer.learning_rate (now 40.0)");
        assertThat(out.resolve("checkpoint.safetensors")).exists();
        assertThat(out.resolve("model.safetensors")).doesNotExist();
    }

    /** /dev/full takes every file and refuses every byte, as a full disk does. */
    @Test
    void aFullDiskLosesNoEarlierCheckpoint() throws IOException {
        Recipe recipe = recipe(12, 2, 1, 0.01, null, 4);
        Path checkpoint = out.resolve("checkpoint.safetensors");
        Progress fillDisk = (what, done, total) -> {
            if (done == 6) link(out.resolve("checkpoint.safetensors.part"));
        };
        assertThatThrownBy(() -> train(recipe, out, fillDisk, new TrainingListener() {}))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("checkpoint.safetensors")
                .hasMessageContaining("No space left");
        assertThat(checkpoint).exists();
        List<Integer> resumed = new ArrayList<>();
        train(recipe, out, Progress.none(), new TrainingListener() {
            @Override
            public void resumed(int step) {
                resumed.add(step);
            }
        });
        assertThat(resumed).containsExactly(4);
        Path whole = folder.resolve("whole");
        train(recipe, whole);
        assertThat(Sha256.hex(out.resolve("model.safetensors")))
                .isEqualTo(Sha256.hex(whole.resolve("model.safetensors")));
    }

    private static void link(Path part) {
        try {
            Files.createSymbolicLink(part, Path.of("/dev/full"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTokenFileCutShortIsRefused() throws IOException {
        Recipe recipe = recipe(1, 1, 1, 0.01, null);
        train(recipe, out);
        Path packed = out.resolve(Pretrainer.TOKENS);
        byte[] bytes = Files.readAllBytes(packed);
        Files.write(packed, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertThatThrownBy(() -> train(recipe, out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cut short")
                .hasMessageContaining("Delete it: the texts are then packed anew.");
    }

    @Test
    void textsThatAreTooShortOrNoTextsAreRefused() throws IOException {
        Files.writeString(texts.resolve("sub/a.txt"), "dog");
        Files.writeString(texts.resolve("sub/b.md"), "bread");
        assertThatThrownBy(() -> train(recipe(1, 1, 1, 0.01, null), out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("have 6 tokens")
                .hasMessageContaining("a document of 17");
        Files.delete(texts.resolve("sub/a.txt"));
        Files.write(texts.resolve("sub/b.md"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> train(recipe(1, 1, 1, 0.01, null), out)).hasMessageContaining("is not UTF-8");
        Files.delete(texts.resolve("sub/b.md"));
        assertThatThrownBy(() -> train(recipe(1, 1, 1, 0.01, null), out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no file ends in .txt or .md");
    }

    /** The process is killed at once, after its first checkpoint; it could not tidy up. */
    @Test
    @Tag("slow")
    void aKilledTrainingGoesOnToTheSameBits() throws Exception {
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dai.djl.offline=true",
                        "-Ddualform.root=" + System.getProperty("dualform.root", ".."),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TextTrainingTest.class.getName(),
                        texts.toString(),
                        killed.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            while (!Files.exists(killed.resolve("checkpoint.safetensors"))) {
                assertThat(process.isAlive())
                        .as(Files.readString(folder.resolve("log")))
                        .isTrue();
                Thread.sleep(20);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(killed.resolve("model.safetensors")).doesNotExist();
        List<Integer> resumed = new ArrayList<>();
        train(killable(texts), killed, Progress.none(), new TrainingListener() {
            @Override
            public void resumed(int step) {
                resumed.add(step);
            }
        });
        assertThat(resumed).hasSize(1);
        train(killable(texts), out);
        assertThat(Sha256.hex(killed.resolve("model.safetensors")))
                .isEqualTo(Sha256.hex(out.resolve("model.safetensors")));
    }

    private static Recipe killable(Path texts) {
        TextTrainingTest test = new TextTrainingTest();
        test.texts = texts;
        return test.recipe(300, 4, 1, 0.005, new Recipe.Carried("sum", 0.9), 10);
    }

    /** The process that is killed: a training into a folder. */
    public static void main(String[] arguments) {
        TextTrainingTest test = new TextTrainingTest();
        test.train(killable(Path.of(arguments[0])), Path.of(arguments[1]));
    }
}
