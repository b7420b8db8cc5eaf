package org.dualform.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.model.Transformers;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.rms.MomentumLlama;
import org.dualform.model.part.Architecture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that no key of config.json is passed over that changes a model in transformers. The table {@code
 * config-keys.json} says what each key does there; {@code config_keys.py} beside it makes the table.
 */
class ConfigKeysTest {
    /** What is read here although it changes no numbers there: the longest prompt, and a head that the file decides. */
    private static final Set<String> ALSO_READ =
            Set.of("max_position_embeddings", "n_positions", "tie_word_embeddings");

    private static JsonNode table() throws IOException {
        try (InputStream in = ConfigKeysTest.class.getResourceAsStream("config-keys.json")) {
            return Json.mapper().readTree(Objects.requireNonNull(in));
        }
    }

    static List<String> families() {
        return Families.names();
    }

    /** The family's rows of the table. Dualform's own family reads what Llama reads, and two keys more. */
    private static JsonNode rows(String family) throws IOException {
        if (!family.equals(MomentumLlama.NAME)) return table().path(family);
        ObjectNode rows = table().path("llama").deepCopy();
        ((ObjectNode) rows.get("config")).put(MomentumLlama.FORM, "sum").put(MomentumLlama.DECAY, 0.9);
        ((ObjectNode) rows.get("changes")).put(MomentumLlama.FORM, "mean").put(MomentumLlama.DECAY, 0.5);
        return rows;
    }

    /** The architecture with one key more; empty if it is refused. */
    private static Optional<Architecture> read(String family, JsonNode config, String key, JsonNode value) {
        ObjectNode with = config.deepCopy();
        with.put("model_type", family).set(key, value);
        try {
            return Optional.of(Families.architecture(new ModelConfig(with, "config.json")));
        } catch (UserException e) {
            assertThat(e.getMessage()).contains("config.json");
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void aKeyThatChangesTheModelIsReadOrRefused(String family) throws IOException {
        JsonNode rows = rows(family);
        Architecture plain = read(family, rows.path("config"), "unknown", rows).orElseThrow();
        List<String> passedOver = new ArrayList<>();
        for (String effect : List.of("changes", "fails")) {
            rows.path(effect).properties().forEach(row -> {
                Optional<Architecture> read = read(family, rows.path("config"), row.getKey(), row.getValue());
                if (read.isPresent() && read.get().equals(plain)) passedOver.add(row.getKey());
            });
        }
        assertThat(passedOver).isEmpty();
        assertThat(rows.path("changes").size()).isGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("families")
    void aKeyThatDoesNothingIsPassedOverOrRefused(String family) throws IOException {
        JsonNode rows = rows(family);
        Architecture plain = read(family, rows.path("config"), "unknown", rows).orElseThrow();
        Set<String> acting = new TreeSet<>();
        rows.path("nothing").properties().forEach(row -> {
            Optional<Architecture> read = read(family, rows.path("config"), row.getKey(), row.getValue());
            if (read.isPresent() && !read.get().equals(plain)) acting.add(row.getKey());
        });
        acting.removeAll(ALSO_READ);
        assertThat(acting).isEmpty();
        assertThat(rows.path("nothing").size()).isGreaterThan(10);
    }

    private static Architecture of(String json) throws IOException {
        return Families.architecture(new ModelConfig(Json.mapper().readTree(json), "config.json"));
    }

    @Test
    void headsMayBeWiderThanTheModel() throws IOException {
        String config = "{\"model_type\":\"%s\",\"hidden_size\":32,\"num_attention_heads\":4,"
                + "\"num_key_value_heads\":2,\"head_dim\":%s}";
        assertThat(of(config.formatted("qwen2", "12")).sizes().queryWidth()).isEqualTo(48);
        assertThat(of(config.formatted("qwen2", "12")).sizes().kvWidth()).isEqualTo(24);
        assertThat(of(config.formatted("phi", "12")).sizes().queryWidth()).isEqualTo(48);
        assertThat(of(config.formatted("phi", "null")).sizes().headDim()).isEqualTo(8);
        assertThatThrownBy(() -> of(config.formatted("gpt_neox", "12")))
                .hasMessageContaining("\"head_dim\" is 12: supported is \"hidden_size\" / \"num_attention_heads\" (8)");
    }

    @Test
    void eitherNameOfAKeyIsRead() throws IOException {
        Architecture named = of("{\"model_type\":\"gpt2\",\"hidden_size\":32,\"num_attention_heads\":4,"
                + "\"num_hidden_layers\":3,\"max_position_embeddings\":24}");
        assertThat(named)
                .isEqualTo(of("{\"model_type\":\"gpt2\",\"n_embd\":32,\"n_head\":4,\"n_layer\":3,\"n_positions\":24}"));
        assertThatThrownBy(() -> of("{\"model_type\":\"gpt2\",\"hidden_size\":64,\"n_embd\":32}"))
                .hasMessageContaining("\"hidden_size\" (64) and \"n_embd\" (32) are two names of one number");
    }

    @Test
    void theOlderNameOfBloomsWidthWins() throws IOException {
        String config = "{\"model_type\":\"bloom\",\"hidden_size\":64,\"n_head\":4,\"n_embed\":%s}";
        assertThat(of(config.formatted("32")).sizes().width()).isEqualTo(32);
        assertThat(of(config.formatted("32")).sizes().feedForward()).isEqualTo(128);
        assertThat(of(config.formatted("null")).sizes().width()).isEqualTo(64);
        assertThat(of("{\"model_type\":\"bloom\"}").sizes().positions()).isEqualTo(Architecture.Sizes.UNLIMITED);
        assertThat(of("{\"model_type\":\"bloom\",\"pretraining_tp\":4}")).isEqualTo(of("{\"model_type\":\"bloom\"}"));
        assertThat(of("{\"model_type\":\"bloom\",\"slow_but_exact\":true}"))
                .isEqualTo(of("{\"model_type\":\"bloom\"}"));
    }

    @Test
    void newWeightsAreAsWideAsTheFamilySays() throws IOException {
        JsonNode opt = Json.mapper().readTree("{\"model_type\":\"opt\",\"init_std\":0.006}");
        assertThat(new ModelConfig(opt, "config.json").initializerRange()).isEqualTo(0.006);
        JsonNode starcoder = Json.mapper().readTree("{\"model_type\":\"starcoder2\"}");
        assertThat(new ModelConfig(starcoder, "config.json").initializerRange()).isEqualTo(0.018042);
        JsonNode gpt2 = Json.mapper().readTree("{\"model_type\":\"gpt2\",\"init_std\":0.006}");
        assertThat(new ModelConfig(gpt2, "config.json").initializerRange()).isEqualTo(0.02);
    }

    @Tag("slow")
    @Test
    void theTableIsWhatTransformersDoes() throws Exception {
        JsonNode made = Transformers.run(ConfigKeysTest.class, "config_keys.py");
        assertThat(made).isEqualTo(table());
    }
}
