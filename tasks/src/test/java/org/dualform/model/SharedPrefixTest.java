package org.dualform.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import org.dualform.model.family.ModelConfig;
import org.dualform.model.family.TensorSource;
import org.dualform.model.part.Architecture;

/** Whatever is shared, cut, folded or batched: a row's hidden states are those of its whole sequence run alone. */
class SharedPrefixTest {
    private static final int VOCABULARY = 37;

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
        Random random = new Random(seed);
        try (NDManager manager = LanguageModel.newManager();
                NoGrad off = new NoGrad()) {
            Decoder decoder = decoder(manager, config(family, kvHeads, group, window), random);
            long[] prefix = ids(random, cut + more);
            List<long[]> queries = List.of(ids(random, 1), ids(random, 6), ids(random, 3));
            try (PrefixCache whole = PrefixCache.prefill(decoder, manager, prefix);
                    PrefixCache cache = whole.cut(cut)) {
                NDArray together = decoder.hidden(manager, TokenBatch.padded(manager, queries), cache, Probe.NONE);
                for (int b = 0; b < queries.size(); b++) {
                    long[] query = queries.get(b);
                    NDArray alone = decoder.hidden(
                                    manager, TokenBatch.row(manager, join(Arrays.copyOf(prefix, cut), query)))
                            .get("0, {}:", cut); // (T, e)
                    NDArray shared = together.get("{}, :{}", b, query.length); // (T, e)
                    float size = Math.max(1, alone.abs().max().getFloat());
                    assertThat(alone.sub(shared).abs().max().getFloat() / size).isLessThan(1e-5f);
                }
            }
        }
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
        config.put("qk_layernorm", group == 2);
        config.putArray("attention_types")
                .addArray()
                .add(Json.mapper().createArrayNode().add("global").add("local"))
                .add(1);
        return config;
    }

    private static Decoder decoder(NDManager manager, ObjectNode json, Random random) {
        ModelConfig config = new ModelConfig(json, "config");
        Architecture architecture = config.architecture();
        TensorSource source = TensorSource.making((name, shape) -> tensor(manager, name, shape, random));
        return new Decoder(architecture, config.family().weights(architecture, source));
    }

    private static NDArray tensor(NDManager manager, String name, Shape shape, Random random) {
        float[] values = new float[Math.toIntExact(shape.size())];
        double scale = shape.dimension() == 1 ? 0.3 : 1.2 / Math.sqrt(shape.get(1));
        for (int i = 0; i < values.length; i++) {
            boolean norm = shape.dimension() == 1 && name.endsWith("weight");
            values[i] = (float) ((norm ? 1 : 0) + scale * random.nextGaussian());
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
