package org.dualform.cli.model;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model show}, {@code forward} and {@code verify}, on the built-in model. */
class ModelCommandsTest {
    private static final Path MINI = Ran.ROOT.resolve("models/mini");

    @TempDir
    private Path folder;

    private String shown(String config, String fact) throws IOException {
        Files.copy(MINI.resolve("model.safetensors"), folder.resolve("model.safetensors"), REPLACE_EXISTING);
        Files.writeString(folder.resolve("config.json"), config);
        return Ran.here("model", "show", folder)
                .out()
                .lines()
                .filter(line -> line.startsWith(fact))
                .collect(Collectors.joining());
    }

    @Test
    void showTellsWhatDiffersBetweenLayersAndLengths() throws IOException {
        assertThat(shown("{\"model_type\":\"smollm3\"}", "rotary"))
                .isEqualTo("rotary            128 of 128 dimensions of a head in 27 layers, none in 9 layers");
        assertThat(shown("{\"model_type\":\"gemma2\",\"final_logit_softcapping\":null}", "soft caps"))
                .isEqualTo("soft caps         scores 50.0, logits none");
        String factors = "[" + "1,".repeat(47) + "2]";
        assertThat(shown(
                        "{\"model_type\":\"phi3\",\"max_position_embeddings\":8192,\"rope_scaling\":{\"type\":\"longrope\","
                                + "\"short_factor\":" + factors + ",\"long_factor\":" + factors + "}}",
                        "rotary"))
                .endsWith("96 of 96 dimensions of a head, other angles in sequences of more than 4096 tokens");
    }

    @Test
    void showTellsWhatTheFilesSay() {
        assertThat(Ran.here("model", "show", MINI)).isEqualTo(new Ran(0, """
                        family            llama
                        layers            3
                        width             128
                        heads             4 of 32, key/value heads 4
                        feed-forward      256, silu
                        vocabulary        411, head tied to the embedding
                        positions         1024 (longest prompt with its answer, in tokens)
                        rotary            32 of 32 dimensions of a head
                        attention         3 layers see everything before
                        weights           545,024 numbers in 29 tensors
                        files             1, 1.1 MB
                        stored as         F16 1.1 MB
                        in memory         2.2 MB in single precision, prefix cache 3.1 MB per 1000 tokens
                        tokenizer         ids up to 410
                        texts begin with  0 <bos>
                        texts end with    1 <eos>
                        label words       encoded with a space before them
                        """, ""));
    }

    /** The weights are those of another model: show reads no weight. */
    @Test
    void showTellsHowAFamilySeesPositions() throws Exception {
        Files.copy(MINI.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bloom\", \"n_embed\": 32}");
        assertThat(Ran.here("model", "show", folder).out()).contains("""
                        positions         no limit
                        rotary            none
                        alibi             scores grow with the column, by 0.003906 to 0.5000 for each token
                        attention         2 layers see everything before
                        """);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\": \"gptj\", \"n_embd\": 64, \"n_head\": 4, \"rotary_dim\": 8}");
        assertThat(Ran.here("model", "show", folder).out())
                .contains("rotary            8 of 16 dimensions of a head, neighbours in pairs\n");
    }

    @Test
    void showOfAFolderWithoutAModelNamesWhatIsMissing() {
        assertThat(Ran.here("model", "show", folder)).satisfies(ran -> {
            assertThat(ran.code()).isEqualTo(65);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.errors()).contains(folder.toString(), "config.json").doesNotContain("\tat ");
        });
    }

    @Test
    void everyCommandTakesTheNamesThatRunTakes() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids.json"), "[[1, 15, 8]]");
        Path out = folder.resolve("forward.safetensors");
        assertThat(apart("model", "show", "mini").out()).startsWith("family            llama\n");
        assertThat(apart("model", "forward", "mini", "--ids", ids, "--out", out))
                .isEqualTo(new Ran(0, "6 tensors of 1 prompt: " + out + "\n", ""));
        assertThat(apart("model", "verify", "mini").out()).startsWith("mini: The folder ");
    }

    @Test
    void aNameThatMeansNoModelIsAnsweredAsRunAnswersIt() throws Exception {
        Path nowhere = folder.resolve("nowhere");
        String hint =
                ". A folder in Hugging Face layout, a GGUF file, or a hub's org/name[@revision], may be given as well.\n";
        assertThat(apart("model", "show", "mimi"))
                .isEqualTo(new Ran(65, "", "There is no model 'mimi': did you mean mini" + hint));
        assertThat(apart("model", "show", nowhere))
                .isEqualTo(new Ran(65, "", "There is no model '" + nowhere + "': known are: mini" + hint));
    }

    private Ran apart(Object... words) throws Exception {
        return Ran.apart(
                folder,
                Map.of("DUALFORM_MODEL_ROOTS", MINI.toAbsolutePath().getParent().toString()),
                words);
    }

    @Test
    void forwardCountsTheTensorsItWrites() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids.json"), "[[1, 15, 8], [1, 4]]");
        Path out = folder.resolve("forward.safetensors");
        assertThat(Ran.here("model", "forward", MINI, "--ids", ids, "--out", out))
                .isEqualTo(new Ran(0, "12 tensors of 2 prompts: " + out + "\n", ""));
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void forwardNamesEveryMistakeInTheIds() throws Exception {
        Path ids = Files.writeString(folder.resolve("ids.json"), "[[1, -2], [], [1, 2.5]]");
        Path out = folder.resolve("forward.safetensors");
        Ran ran = Ran.here("model", "forward", MINI, "--ids", ids, "--out", out);
        assertThat(ran.code()).isEqualTo(65);
        assertThat(ran.errors())
                .contains(
                        "In " + ids + " list 0 has -2 at place 1; token ids are whole numbers from 0 up.",
                        "In " + ids + " item 1 must be a list of at least one token id.",
                        "In " + ids + " list 2 has 2.5 at place 1; token ids are whole numbers from 0 up.");
        assertThat(out).doesNotExist();
    }

    @Test
    void verifyOfAModelWithoutReferenceValuesIsToldAndCounts() {
        assertThat(Ran.here("model", "verify", MINI))
                .isEqualTo(new Ran(
                        65,
                        MINI + ": The folder " + MINI.toAbsolutePath().normalize()
                                + " holds no reference values: golden.json and"
                                + " golden.safetensors are needed beside the model.\n0 of 1 models agree.\n",
                        ""));
    }
}
