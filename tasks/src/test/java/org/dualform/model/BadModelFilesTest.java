package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.model.checkpoint.ArrayReader;
import org.dualform.model.family.Families;
import org.dualform.safetensors.SafetensorsFile;
import org.dualform.safetensors.StoredTensor;

/** Tests ten thousand broken headers and configurations. Each is refused with a sentence, or is read correctly. */
class BadModelFilesTest {
    private static final String HEADER = "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[24,32]},"
            + "\"c\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[32,40]}}";
    private static final List<String> FRAGMENTS = List.of(
            "0",
            "-1",
            "9223372036854775807",
            "18446744073709551616",
            "1e99",
            "null",
            "[]",
            "{}",
            "\"F64\"",
            "\"F16\"",
            "\"I16\"",
            "[0,4611686018427387904]",
            "[1,1,1,1,1,1,1,1,1,1]",
            "\"\\u0000\"",
            "[[",
            "true",
            ",",
            "4294967296");
    private static final List<String> VALUES = List.of(
            "null",
            "0",
            "-1",
            "1",
            "2",
            "3",
            "7",
            "2147483647",
            "1099511627776",
            "1e300",
            "0.5",
            "\"x\"",
            "[]",
            "[1]",
            "{}",
            "true",
            "false",
            "\"gelu\"",
            "{\"rope_type\":\"dynamic\"}",
            "{\"rope_type\":\"longrope\",\"short_factor\":[1,0],\"long_factor\":\"x\"}",
            "{\"full_attention\":{\"rope_theta\":0},\"sliding_attention\":null}",
            "{\"type\":\"linear\",\"factor\":0}");

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("bad-model");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }

    private static Path write(String header, long claimed, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(claimed < 0 ? text.length : claimed).put(text);
        return Files.write(folder.resolve("model.safetensors"), out.array());
    }

    private static String mutated(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + random.nextInt(8));
            switch (random.nextInt(3)) {
                case 0 -> out.setCharAt(at, (char) (32 + random.nextInt(95)));
                case 1 -> out.replace(at, end, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                default -> {
                    int digit = out.toString().replaceAll("[0-9]", "#").indexOf('#', at);
                    if (digit >= 0) out.replace(digit, digit + 1, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
                }
            }
        }
        return out.toString();
    }

    @Tag("slow")
    @Property(tries = 6000)
    void mutatedHeaders(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        long claimed = random.nextInt(10) == 0 ? random.nextLong() >>> random.nextInt(64) : -1;
        Path file = write(mutated(HEADER, random), claimed, random.nextInt(5) == 0 ? random.nextInt(60) : 40);
        try (NDManager manager = LanguageModel.newManager()) {
            SafetensorsFile opened = SafetensorsFile.open(file);
            for (StoredTensor tensor : opened.tensors().values()) {
                assertThat(tensor.begin() + tensor.bytes()).isLessThanOrEqualTo(Files.size(file));
                assertThat(opened.firstNonFinite(tensor)).isEmpty();
                if (!tensor.type().readable()) continue;
                NDArray loaded = ArrayReader.load(opened, manager, tensor, DataType.FLOAT32);
                assertThat(loaded.getShape().getShape()).isEqualTo(tensor.dimensions());
                if (loaded.size() > 0)
                    loaded.toType(DataType.FLOAT64, true).sum().getDouble();
            }
        } catch (UserException e) {
            assertThat(e).hasMessageContaining("model.safetensors");
        }
    }

    @Tag("slow")
    @Property(tries = 4000)
    void mutatedConfigurations(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        write(HEADER, -1, 40);
        ObjectNode config = Json.mapper().createObjectNode();
        config.put(
                "model_type",
                Families.names().get(random.nextInt(Families.names().size())));
        List<String> keys = List.of(
                "model_type",
                "vocab_size",
                "hidden_size",
                "n_embd",
                "d_model",
                "num_attention_heads",
                "n_head",
                "num_heads",
                "attention_heads",
                "num_hidden_layers",
                "n_layer",
                "num_layers",
                "num_key_value_heads",
                "head_dim",
                "intermediate_size",
                "ffn_dim",
                "max_position_embeddings",
                "n_positions",
                "rms_norm_eps",
                "rope_theta",
                "rope_scaling",
                "rope_parameters",
                "sliding_window",
                "use_sliding_window",
                "layer_types",
                "sliding_window_pattern",
                "no_rope_layers",
                "no_rope_layer_interval",
                "query_pre_attn_scalar",
                "attn_logit_softcapping",
                "final_logit_softcapping",
                "original_max_position_embeddings",
                "residual_multiplier",
                "logits_scaling",
                "attention_types",
                "hidden_act",
                "activation_function",
                "tie_word_embeddings",
                "pad_token_id",
                "word_embed_proj_dim",
                "rotary_pct",
                "rotary_dim",
                "n_embed",
                "n_inner",
                "qk_layernorm",
                "use_parallel_residual",
                "slow_but_exact",
                "pretraining_tp",
                "partial_rotary_factor",
                "architectures",
                "auto_map",
                "pruned_heads",
                "is_encoder_decoder");
        for (int i = random.nextInt(6); i >= 0; i--) {
            String value = VALUES.get(random.nextInt(VALUES.size()));
            config.set(keys.get(random.nextInt(keys.size())), Json.mapper().readTree(value));
        }
        Files.writeString(folder.resolve("config.json"), Json.write(config));
        try (LanguageModel model = LanguageModel.open(folder)) {
            fail("a file of three tensors is no model: " + config + " " + model.architecture());
        } catch (UserException e) {
            assertThat(e.getMessage()).containsAnyOf("config.json", "The tensor ");
        }
    }

    private static void refused(String header, int data, String rule) throws IOException {
        Path file = write(header, -1, data);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(rule);
    }

    @Example
    void handmadeHeadersNameTheirRule() throws IOException {
        String t = "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}";
        refused(t.formatted("F32", "[2]", "[0,16]"), 16, "needs 8 bytes, but claims 16");
        refused(t.formatted("F32", "[2]", "[8,16]"), 16, "leaves a gap after the header");
        refused(t.formatted("F32", "[2]", "[0,8]"), 4, "cut short");
        refused(t.formatted("F32", "[2]", "[0,8]"), 12, "after its last tensor");
        refused(t.formatted("F12", "[2]", "[0,8]"), 8, "unknown element type");
        refused(t.formatted("F32", "[-2]", "[0,8]"), 8, "whole numbers from 0 up");
        refused(t.formatted("F32", "[0,99999]", "[0,0]"), 0, "beyond the file");
        refused(t.formatted("F32", "[9223372036854775807,8]", "[0,8]"), 8, "beyond the file");
        refused("[1]", 0, "not a JSON object");
        refused("{\"w\":", 0, "not JSON");
        refused(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                12,
                "overlaps a");
    }

    @Example
    void numbersThatAreNoneAreNamedWithTheirPlace() throws IOException {
        String t = "{\"w\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[0,16]}}";
        for (String type : List.of("F64", "F32", "F16", "BF16")) {
            int width = type.equals("F64") ? 8 : type.equals("F32") ? 4 : 2;
            Path file = write(t.formatted(type, 16 / width), -1, 16);
            byte[] bytes = Files.readAllBytes(file);
            StoredTensor whole = SafetensorsFile.open(file).tensors().get("w");
            assertThat(SafetensorsFile.open(file).firstNonFinite(whole)).isEmpty();
            bytes[bytes.length - 1] = 0x7f; // the last element's sign and exponent, and the exponent's last bits
            bytes[bytes.length - 2] = (byte) 0xff;
            Files.write(file, bytes);
            assertThat(SafetensorsFile.open(file).firstNonFinite(whole)).hasValue(16 / width - 1);
        }
    }

    private static void configRefused(String json, String rule) throws IOException {
        write(HEADER, -1, 40);
        Files.writeString(folder.resolve("config.json"), json);
        assertThatThrownBy(() -> LanguageModel.open(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(rule);
    }

    @Example
    void handmadeConfigurationsNameTheirRule() throws IOException {
        configRefused("{\"model_type\":\"mamba\",\"auto_map\":{\"AutoConfig\":\"x.Y\"}}", "Python code");
        configRefused("{\"model_type\":\"mamba\"}", "supported are bloom, dualform_momentum, gemma, ");
        configRefused("{\"model_type\":\"llama\",\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}}", "dynamic");
        configRefused("{\"model_type\":\"llama\",\"rope_scaling\":{\"type\":\"linear\"}}", "factor");
        configRefused(
                "{\"model_type\":\"gpt2\",\"architectures\":[\"GPT2ForSequenceClassification\"]}", "another head");
        configRefused("{\"model_type\":\"qwen2\",\"num_attention_heads\":4}", "family's default");
        configRefused("{\"model_type\":\"gpt2\",\"n_head\":null}", "\"n_head\" must be a whole number");
        configRefused("{\"model_type\":\"llama\"}", "is missing");
    }

    @Example
    void whatTransformersDoesWronglyOrNotAtAllIsRefused() throws IOException {
        String gptj = "{\"model_type\":\"gptj\",\"n_embd\":32,\"n_head\":4,%s}";
        configRefused(gptj.formatted("\"rotary_dim\":null"), "\"rotary_dim\" must be a whole number from 1");
        configRefused(gptj.formatted("\"rotary_dim\":0"), "\"rotary_dim\" must be a whole number from 1");
        configRefused(gptj.formatted("\"rotary_dim\":3"), "\"rotary_dim\" must be even and from 2 to 8, but is 3");
        configRefused(gptj.formatted("\"n_layer\":1"), "\"rotary_dim\" must be even and from 2 to 8, but is 64");
        configRefused(gptj.formatted("\"rotary_dim\":4,\"head_dim\":4"), "\"head_dim\" is 4");
        String stablelm = "{\"model_type\":\"stablelm\",\"hidden_size\":40,\"num_attention_heads\":4,%s}";
        configRefused(stablelm.formatted("\"num_key_value_heads\":null"), "\"num_key_value_heads\" must be a whole");
        configRefused(
                stablelm.formatted("\"hidden_act\":\"silu\""), "\"num_key_value_heads\" (32, the family's default)");
        configRefused(stablelm.formatted("\"partial_rotary_factor\":0.5"), "must be even and from 2 to 10, but are 5");
        configRefused(stablelm.formatted("\"head_dim\":8"), "\"head_dim\" is 8");
        configRefused(stablelm.formatted("\"rope_scaling\":{\"type\":\"su\",\"factor\":2}"), "\"su\" is not supported");
        String starcoder2 = "{\"model_type\":\"starcoder2\",\"hidden_size\":32,\"num_attention_heads\":4,%s}";
        configRefused(starcoder2.formatted("\"num_key_value_heads\":null"), "\"num_key_value_heads\" must be a whole");
        configRefused(starcoder2.formatted("\"partial_rotary_factor\":0.5"), "\"partial_rotary_factor\" is not 1");
        String bloom = "{\"model_type\":\"bloom\",\"n_head\":4,%s}";
        configRefused(
                bloom.formatted("\"slow_but_exact\":true,\"pretraining_tp\":4"), "Set \"slow_but_exact\" to false");
        configRefused(bloom.formatted("\"n_embed\":34"), "\"n_embed\" (34) must be a multiple of \"n_head\" (4)");
        configRefused(bloom.formatted("\"n_embed\":32,\"head_dim\":4"), "\"head_dim\" is 4");
    }

    private static void refusedIn(String family, String key, String value, String rule) throws IOException {
        configRefused("{\"model_type\":\"%s\",\"%s\":%s}".formatted(family, key, value), rule);
    }

    @Example
    void whatTransformersCannotRunOrRunsOtherwiseIsRefused() throws IOException {
        configRefused("{\"model_type\":\"gemma3\",\"text_config\":{}}", "texts and pictures");
        refusedIn("gemma2", "use_bidirectional_attention", "true", "is true: that is not supported");
        refusedIn("gemma3_text", "use_bidirectional_attention", "true", "is true: that is not supported");
        refusedIn("gemma2", "num_key_value_heads", "null", "\"num_key_value_heads\" must be a whole number");
        refusedIn("gemma3_text", "sliding_window", "null", "\"sliding_window\" must be a whole number");
        refusedIn("gemma2", "layer_types", "[\"full_attention\"]", "each of 26 layers, but names 1");
        refusedIn("gemma2", "head_dim", "7", "must be even");
        refusedIn("gemma3_text", "rope_scaling", "{\"type\":\"linear\",\"factor\":8}", "call it \"rope_type\"");
        refusedIn("gemma3_text", "rope_parameters", "{\"full_attention\":{\"rope_type\":\"x\"}}", "\"x\" is not");
        refusedIn("llama", "rope_scaling", "{\"type\":\"longrope\"}", "supported in phi3 only");
        refusedIn("phi3", "rope_scaling", "{\"type\":\"linear\",\"factor\":2}", "default and longrope");
        refusedIn("phi3", "rope_scaling", "{\"type\":\"su\"}", "name it longrope");
        refusedIn("phi3", "rope_scaling", "{\"type\":\"longrope\",\"short_factor\":[1]}", "a list of 48 numbers");
        configRefused(
                "{\"model_type\":\"phi3\",\"original_max_position_embeddings\":1,"
                        + "\"rope_scaling\":{\"type\":\"longrope\"}}",
                "\"original_max_position_embeddings\" (1) must be at least 2");
        refusedIn("phi3", "partial_rotary_factor", "0.33", "must be even");
        for (String family : List.of("phi3", "olmo2", "smollm3", "granite")) {
            refusedIn(family, "head_dim", "null", "\"head_dim\" must be a whole number");
        }
        refusedIn("smollm3", "no_rope_layers", "[1,0]", "one for each of 36 layers");
        refusedIn("smollm3", "num_hidden_layers", "1,\"no_rope_layers\":[2]", "a list of 1 (with");
        refusedIn("smollm3", "layer_types", layerTypes(36), "no window is given: set \"sliding_window\"");
        refusedIn("granite", "logits_scaling", "0", "\"logits_scaling\" must be a number above 0");
    }

    private static String layerTypes(int layers) {
        return "[" + String.join(",", java.util.Collections.nCopies(layers, "\"sliding_attention\"")) + "]";
    }
}
