package org.dualform.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.hub.http.Repository;

/**
 * The files that are needed of a model's repository. Whether the repository holds a model that can be used is judged by
 * the names of its files alone.
 */
final class ModelSelection {
    private static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final Pattern PICKLED = Pattern.compile("(pytorch_model|consolidated).*\\.(bin|pth|pt)");
    private static final List<String> SMALL = List.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "vocab.txt",
            "tokenizer.model",
            "sentencepiece.bpe.model",
            "spiece.model");

    private final Repository repository;

    /** @throws UserException if the repository holds no model that can be used; the message says what to do */
    ModelSelection(Repository repository) {
        this.repository = repository;
        String what = "The model " + repository.name();
        if (!repository.has(CONFIG)) {
            throw UserException.data(what + (repository.cached() ? " in the cache" : "")
                    + " has no config.json: so it is not a whole model in Hugging Face layout" + hint() + ".");
        }
        if (repository.has(SINGLE) || repository.has(INDEX)) return;
        if (repository.files().stream().anyMatch(file -> PICKLED.matcher(file).matches())) {
            throw UserException.data(what + " has PyTorch's .bin weights only. That format is a Python program (a"
                    + " pickle): opening it would run code from the net, so it is not fetched. Look for a revision with"
                    + " " + SINGLE + " (often @refs/pr/N, see the repository's pull requests), or convert it yourself"
                    + " where you trust it (save_pretrained with safe_serialization=True) and give the folder.");
        }
        throw UserException.data(what + (repository.cached() ? " in the cache" : "") + " has neither " + SINGLE
                + " nor " + INDEX + hint() + ".");
    }

    private String hint() {
        if (repository.has("adapter_config.json")) {
            return " (it is an adapter: merge it into its base model, save that, and give the folder)";
        }
        if (repository.files().stream().anyMatch(file -> file.endsWith(".gguf"))) {
            return " (it holds GGUF files: name the repository they were made from)";
        }
        return "";
    }

    /** The files to fetch first: configuration, tokenizer, and the weights if one file holds them, else their index. */
    List<String> first() {
        List<String> files = new ArrayList<>(SMALL);
        files.add(repository.has(SINGLE) ? SINGLE : INDEX);
        files.retainAll(repository.files());
        return files;
    }

    boolean sharded() {
        return !repository.has(SINGLE);
    }

    /** The weight files that the index names. */
    List<String> shards(Path index) throws IOException {
        JsonNode map = Json.mapper().readTree(index.toFile()).path("weight_map");
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode name : map) names.add(name.asText());
        for (String name : names) {
            if (!repository.has(name)) {
                throw UserException.data("The model " + repository.name() + ": " + INDEX + " names " + name + ", which "
                        + (repository.cached() ? "the cache" : "the repository") + " lacks.");
            }
        }
        return List.copyOf(names);
    }
}
