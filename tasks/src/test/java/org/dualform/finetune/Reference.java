package org.dualform.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.dualform.contract.Json;
import org.dualform.model.Assets;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;

/** A whole small experiment in plain transformers, without cache or batches: its sequences and its results. */
record Reference(JsonNode json) {
    static Reference read(String name) throws IOException {
        Path file = Assets.at("golden/reference/" + name + ".json");
        return new Reference(Json.mapper().readTree(file.toFile()));
    }

    LanguageModel model() {
        return LanguageModel.open(Assets.at("models/" + json.get("model").asText()));
    }

    /** The model with room for the reference's longest sequence, which may be beyond its own positions. */
    Decoder decoder(LanguageModel model) {
        Architecture a = model.architecture();
        return new Decoder(a.withSizes(a.sizes().withPositions(limit())), model.weights());
    }

    int limit() {
        return json.get("limit").asInt();
    }

    int shots() {
        return json.get("k_used").asInt();
    }

    double learningRate() {
        return json.get("lr").asDouble();
    }

    PromptSet prompts() {
        var boundaries = new ArrayList<>(List.of(1));
        List<TokenIds> tuning = all(json.get("ft_ids"));
        tuning.forEach(ids -> boundaries.add(boundaries.get(boundaries.size() - 1) + ids.length()));
        List<TokenIds> inputs = all(json.get("inputs_ids"));
        List<TokenIds> words = all(json.get("label_ids"));
        return new PromptSet(
                new PromptSet.TemplateUse("reference", 1, "", false),
                json.get("bos").asInt(),
                json.get("eos").asInt(),
                limit(),
                0,
                0,
                range(
                        words.size(),
                        i -> new PromptSet.Label(
                                "" + i, json.get("labels").get(i).asText(), words.get(i))),
                ids(json.get("context_ids")),
                boundaries,
                List.of(),
                range(tuning.size(), i -> new PromptSet.Demonstration("train:" + i, "", 0, tuning.get(i), 1)),
                range(
                        inputs.size(),
                        i -> new PromptSet.Query(
                                "validation:" + i, "", json.get("gold").get(i).asInt(), inputs.get(i))),
                List.of());
    }

    /** What the reference found on example {@code i}; setting is zsl, icl or ftzs. */
    JsonNode example(String setting, int i) {
        return json.get("per_example").get(setting).get(i);
    }

    static List<Double> doubles(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
    }

    static List<Integer> integers(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static <T> List<T> range(int size, java.util.function.IntFunction<T> make) {
        return IntStream.range(0, size).mapToObj(make).toList();
    }

    private static List<TokenIds> all(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(Reference::ids)
                .toList();
    }

    private static TokenIds ids(JsonNode node) {
        return TokenIds.of(integers(node).stream().mapToInt(Integer::intValue).toArray());
    }
}
