package org.dualform.theory;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.dualform.contract.Json;
import org.dualform.model.Decoder;
import org.dualform.model.family.Families;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.family.file.TensorSource;
import org.dualform.model.part.Architecture;

/** A decoder of any family with three small blocks and random weights, in double precision. */
public final class SmallDecoder {
    private static final int VOCABULARY = 37;
    private static final int HEADS = 4;
    private static final int WIDTH = 24;

    private SmallDecoder() {}

    /** @param settings further keys of config.json */
    public static Decoder of(NDManager manager, String family, Consumer<ObjectNode> settings) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("model_type", family).put("vocab_size", VOCABULARY);
        for (String key : List.of("hidden_size", "n_embd")) json.put(key, WIDTH);
        for (String key : List.of("num_attention_heads", "n_head", "num_key_value_heads")) json.put(key, HEADS);
        for (String key : List.of("num_hidden_layers", "n_layer")) json.put(key, 3);
        for (String key : List.of("intermediate_size", "ffn_dim")) json.put(key, 40);
        json.put("max_position_embeddings", 64).put("head_dim", WIDTH / HEADS).put("rotary_pct", 1);
        settings.accept(json);
        ModelConfig config = new ModelConfig(json, "config");
        Architecture architecture = Families.architecture(config);
        // Gemma stores a norm's weight as its distance from 1.
        double norm = family.startsWith("gemma") ? 0 : 1;
        Random random = new Random(7);
        TensorSource source = TensorSource.making((name, shape) -> {
            boolean vector = shape.dimension() == 1;
            double middle = vector && name.endsWith("weight") ? norm : 0;
            double spread = vector ? 0.2 : 1.2 / Math.sqrt(shape.get(1));
            return manager.create(
                    DoubleStream.generate(() -> middle + spread * random.nextGaussian())
                            .limit(shape.size())
                            .toArray(),
                    shape);
        });
        return new Decoder(architecture, Families.of(config).weights(architecture, source));
    }
}
