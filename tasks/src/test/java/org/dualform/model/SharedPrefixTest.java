package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.dualform.contract.Json;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Momentum;

/**
 * Whatever is shared, cut, folded or batched: a row's hidden states are those of its whole sequence run alone. In double
 * precision that is exact to the last digits; in single precision the two may differ by as much as the whole sequence's
 * own rounding, which random weights can carry far beyond 1e-5.
 */
class SharedPrefixTest {
    private static final int VOCABULARY = 37;
    private static final double DOUBLE_TOLERANCE = 1e-11;
    private static final double SINGLE_TOLERANCE = 1e-5;
    /** Errors of single precision that two ways to add the same numbers may lie apart. */
    private static final double OWN_ROUNDING = 4;

    @Provide
    Arbitrary<String> families() {
        return Arbitraries.of(Families.names());
    }

    @Property(tries = 300)
    void aCutPrefixAndABatchGiveWhatTheWholeSequenceGives(
            @ForAll("families") String family,
            @ForAll @IntRange(min = 1, max = 3) int kvHeads,
            @ForAll @IntRange(min = 1, max = 2) int group,
            @ForAll @IntRange(min = 1, max = 9) int window,
            @ForAll @IntRange(min = 1, max = 14) int cut,
            @ForAll @IntRange(min = 0, max = 5) int more,
            @ForAll long seed) {
        ObjectNode config = config(family, kvHeads, group, window);
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Both exact = new Both(manager, config, DataType.FLOAT64, seed, cut, more);
            Both single = new Both(manager, config, DataType.FLOAT32, seed, cut, more);
            double size = Math.max(1, exact.alone().abs().max().getDouble());
            double rounding = difference(single.alone(), exact.alone()) / size;
            assertThat(difference(exact.shared(), exact.alone()) / size)
                    .as("in double precision")
                    .isLessThan(DOUBLE_TOLERANCE);
            assertThat(difference(single.shared(), exact.alone()) / size)
                    .as("in single precision, where the whole sequence is off by %s", rounding)
                    .isLessThan(SINGLE_TOLERANCE + OWN_ROUNDING * rounding);
        }
    }

    /** The probe is what makes the difference: it has to see the whole square of scores. */
    @Property(tries = 120)
    void aLongSequenceInBlocksGivesWhatTheWholeSquareGives(
            @ForAll("families") String family,
            @ForAll @IntRange(min = 1, max = 2) int kvHeads,
            @ForAll @IntRange(min = 1, max = 2) int group,
            @ForAll @IntRange(min = 1, max = 300) int window,
            @ForAll @IntRange(min = 129, max = 300) int tokens,
            @ForAll long seed) {
        ObjectNode config = config(family, kvHeads, group, window);
        for (String key : List.of("max_position_embeddings", "n_positions")) config.put(key, 300);
        try (NDManager manager = LanguageModel.newManager()) {
            Random random = new Random(seed);
            Decoder decoder = decoder(manager, config, DataType.FLOAT64, random);
            NDArray ids = TokenBatch.padded(manager, List.of(ids(random, tokens), ids(random, 140))); // (2, T)
            NDArray recorded = decoder.hidden(manager, ids); // (2, T, e)
            try (NoGrad off = new NoGrad()) {
                NDArray blocks = decoder.hidden(manager, ids); // (2, T, e)
                SquareOfScores seen = new SquareOfScores();
                NDArray whole = decoder.hidden(manager, ids, null, seen); // (2, T, e)
                double size = Math.max(1, whole.abs().max().getDouble());
                assertThat(seen.columns).containsOnly(ids.getShape().get(1));
                assertThat(difference(blocks, whole) / size).isLessThan(DOUBLE_TOLERANCE);
                assertThat(difference(recorded, blocks))
                        .as("arrays that are overwritten without gradients, and not with them")
                        .isZero();
            }
        }
    }

    private static final class SquareOfScores implements Probe {
        private final List<Long> columns = new ArrayList<>();

        @Override
        public boolean seesScores() {
            return true;
        }

        @Override
        public void scores(int layer, NDArray scores) {
            columns.add(scores.getShape().get(3));
        }
    }

    /** The queries' hidden states both ways, one below the other, (T, e) in double precision. */
    private record Both(NDArray alone, NDArray shared) {
        Both(NDManager manager, ObjectNode config, DataType type, long seed, int cut, int more) {
            this(run(manager, config, type, new Random(seed), cut, more));
        }

        private Both(NDList both) {
            this(both.get(0).toType(DataType.FLOAT64, true), both.get(1).toType(DataType.FLOAT64, true));
        }

        private static NDList run(
                NDManager manager, ObjectNode config, DataType type, Random random, int cut, int more) {
            Decoder decoder = decoder(manager, config, type, random);
            long[] prefix = ids(random, cut + more);
            List<long[]> queries = List.of(ids(random, 1), ids(random, 6), ids(random, 3));
            NDList alone = new NDList();
            NDList shared = new NDList();
            try (PrefixCache whole = PrefixCache.prefill(decoder, manager, prefix);
                    PrefixCache cache = whole.cut(cut)) {
                NDArray batch = TokenBatch.padded(manager, queries); // (B, T)
                int longest = Math.toIntExact(batch.getShape().get(1));
                for (int b = 0; b < queries.size(); b++) {
                    long[] query = queries.get(b);
                    long[] sequence = join(Arrays.copyOf(prefix, cut), query);
                    // Where the length of the whole sequence matters, that of the row counts, not that of the batch.
                    Decoder own = decoder.forLength(sequence.length);
                    NDArray together = own.hidden(manager, batch, cache, Probe.NONE); // (B, T, e)
                    alone.add(decoder.hidden(manager, TokenBatch.row(manager, sequence))
                            .get("0, {}:", cut)); // (T, e)
                    shared.add(together.get("{}, :{}", b, query.length - 1)); // (T - 1, e)
                    long last = (long) b * longest + query.length - 1;
                    shared.add(own.hiddenAt(manager, batch, cache, Probe.NONE, last)); // (1, e)
                }
            }
            return new NDList(NDArrays.concat(alone), NDArrays.concat(shared));
        }
    }

    private static double difference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getDouble();
    }

    /** A small model of any family; keys that a family does not have are ignored by it. */
    private static ObjectNode config(String family, int kvHeads, int group, int window) {
        int heads = kvHeads * group;
        int width = 8 * heads;
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("model_type", family).put("vocab_size", VOCABULARY);
        for (String key : List.of("hidden_size", "n_embd", "d_model")) config.put(key, width);
        for (String key : List.of("num_attention_heads", "num_heads", "n_head", "attention_heads"))
            config.put(key, heads);
        for (String key : List.of("num_hidden_layers", "num_layers", "n_layer")) config.put(key, 2);
        for (String key : List.of("intermediate_size", "ffn_dim", "n_inner")) config.put(key, 20);
        for (String key : List.of("max_position_embeddings", "n_positions")) config.put(key, 40);
        config.put("num_key_value_heads", kvHeads).put("head_dim", 8).put("window_size", window);
        config.put("use_sliding_window", true).put("sliding_window", window).put("max_window_layers", 1);
        config.put("do_layer_norm_before", window % 2 == 0).put("use_parallel_residual", window % 3 != 0);
        config.put("qk_layernorm", group == 2).put("use_qkv_bias", window % 2 == 0);
        config.put("use_bias", window % 2 == 0).put("rotary_dim", 2 + window % 4 * 2);
        config.put("apply_residual_connection_post_layernorm", window % 2 == 0);
        config.put("query_pre_attn_scalar", 5).put("no_rope_layer_interval", 2);
        List<String> forms = Momentum.Form.ids();
        config.put("momentum", forms.get(window % forms.size())).put("momentum_decay", (window % 9 + 1) / 10.0);
        config.put("attn_logit_softcapping", 2.0).put("final_logit_softcapping", 3.0);
        config.put("embedding_multiplier", 1.5).put("attention_multiplier", 0.3).put("residual_multiplier", 0.7);
        if (family.equals("phi3") && group == 2) longRotary(config, 3 * window);
        config.putArray("attention_types")
                .addArray()
                .add(Json.mapper().createArrayNode().add("global").add("local"))
                .add(1);
        return config;
    }

    /** Other angles in sequences of more than {@code original} tokens. */
    private static void longRotary(ObjectNode config, int original) {
        ObjectNode scaling = config.put("original_max_position_embeddings", original)
                .putObject("rope_scaling")
                .put("type", "longrope");
        scaling.putArray("short_factor").add(1).add(1.2).add(1.5).add(2);
        scaling.putArray("long_factor").add(1.1).add(2).add(4).add(8);
    }

    private static Decoder decoder(NDManager manager, ObjectNode json, DataType type, Random random) {
        ModelConfig config = new ModelConfig(json, "config");
        Architecture architecture = Families.architecture(config);
        // Gemma stores a norm's weight as its distance from 1.
        double norm = Families.of(config).name().startsWith("gemma") ? 0 : 1;
        TensorSource source = TensorSource.making(
                (name, shape) -> tensor(manager, name, shape, norm, random).toType(type, true));
        return new Decoder(architecture, Families.of(config).weights(architecture, source));
    }

    private static NDArray tensor(NDManager manager, String name, Shape shape, double norm, Random random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        double scale = shape.dimension() == 1 ? 0.3 : 1.2 / Math.sqrt(shape.get(1));
        for (int i = 0; i < values.length; i++) {
            boolean ofNorm = shape.dimension() == 1 && name.endsWith("weight");
            values[i] = (float) ((ofNorm ? norm : 0) + scale * random.nextGaussian());
        }
        return manager.create(values, shape);
    }

    private static long[] ids(Random random, int n) {
        return random.longs(n, 0, VOCABULARY).toArray();
    }

    private static long[] join(long[] a, long[] b) {
        List<Long> all = new ArrayList<>();
        for (long id : a) all.add(id);
        for (long id : b) all.add(id);
        return all.stream().mapToLong(Long::longValue).toArray();
    }
}
