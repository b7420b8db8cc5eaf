package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;

/**
 * Makes a tokenizer.json from a file's vocabulary: byte-level BPE with its merges ({@code gpt2}), or SentencePiece's BPE
 * with its scores ({@code llama}).
 */
final class GgufTokenizer {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final char MARK = '\u2581';

    /** Types of tokens, as SentencePiece numbers them. */
    private static final int UNKNOWN = 2;

    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;

    private final GgufFile file;
    private final String architecture;
    private final JsonNodeFactory make = JsonNodeFactory.instance;

    private GgufTokenizer(GgufFile file) {
        this.file = file;
        this.architecture = file.value("general.architecture").asText("");
    }

    static GgufTokenizer of(GgufFile file) {
        return new GgufTokenizer(file);
    }

    JsonNode json() {
        String model = file.value(PREFIX + "model").asText("");
        List<String> tokens = new ArrayList<>();
        for (JsonNode token : file.value(PREFIX + "tokens")) tokens.add(token.asText());
        if (tokens.isEmpty()) throw wrong("has no vocabulary (" + PREFIX + "tokens): prompts cannot be encoded");
        JsonNode types = file.value(PREFIX + "token_type");
        if (!types.isMissingNode() && types.size() != tokens.size())
            throw wrong("has " + tokens.size() + " tokens, but the types of " + types.size());
        return switch (model) {
            case "gpt2" -> byteLevel(tokens);
            case "llama" -> sentencePiece(tokens);
            default ->
                throw wrong("has a tokenizer of the kind \"" + model + "\" (" + PREFIX + "model); read are gpt2"
                        + " (byte-level BPE) and llama (SentencePiece's BPE)");
        };
    }

    private ObjectNode byteLevel(List<String> tokens) {
        String pre = file.value(PREFIX + "pre").asText("");
        PreTokenizers cut = PreTokenizers.of(pre, architecture)
                .orElseThrow(() -> wrong("has the pre-tokenizer \"" + pre + "\" (" + PREFIX
                        + "pre), which is not known here; known are " + PreTokenizers.names()));
        JsonNode merges = file.value(PREFIX + "merges");
        if (!merges.isArray()) throw wrong("has no merges (" + PREFIX + "merges)");
        ObjectNode root = root(tokens);
        root.set("pre_tokenizer", cut.step());
        root.set("decoder", PreTokenizers.bytes());
        ObjectNode model = bpe(tokens).put("ignore_merges", cut.wholeWords());
        model.set("merges", merges);
        root.set("model", model);
        return root;
    }

    private ObjectNode sentencePiece(List<String> tokens) {
        boolean gemma = architecture.startsWith("gemma");
        List<String> spelled =
                gemma ? tokens.stream().map(GgufTokenizer::marked).toList() : tokens;
        boolean prefix = file.value(PREFIX + "add_space_prefix").asBoolean(!gemma);
        ObjectNode root = root(spelled);
        ObjectNode spaces = replace(" ", String.valueOf(MARK));
        root.set("normalizer", prefix ? sequence("normalizers", prepend(), spaces) : spaces);
        ObjectNode back = replace(String.valueOf(MARK), " ");
        ObjectNode bytes = make.objectNode().put("type", "ByteFallback");
        ObjectNode fuse = make.objectNode().put("type", "Fuse");
        ObjectNode strip = make.objectNode()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
        root.set(
                "decoder",
                prefix ? sequence("decoders", back, bytes, fuse, strip) : sequence("decoders", back, bytes, fuse));
        ObjectNode model = bpe(spelled).put("fuse_unk", true).put("byte_fallback", hasBytes(tokens));
        int unknown = GgufModel.token(file, "unknown").orElse(0);
        model.put("unk_token", spelled.get(Math.min(unknown, spelled.size() - 1)));
        model.set("merges", SentencePieceMerges.of(spelled, scores(spelled.size(), gemma)));
        root.set("model", model);
        return root;
    }

    /**
     * The scores by which pieces are merged, highest first. Gemma's files have others than its merges' order, which is that
     * of the vocabulary.
     */
    private float[] scores(int count, boolean gemma) {
        float[] scores = new float[count];
        JsonNode stored = file.value(PREFIX + "scores");
        if (!gemma && stored.size() != count)
            throw wrong("has " + count + " tokens, but the scores of " + stored.size() + " (" + PREFIX + "scores)");
        for (int i = 0; i < count; i++) scores[i] = gemma ? -i : stored.get(i).floatValue();
        return scores;
    }

    /** A token of spaces as the normalizer writes them. */
    private static String marked(String token) {
        return !token.isEmpty() && token.isBlank() && token.indexOf(' ') >= 0
                ? String.valueOf(MARK).repeat(token.length())
                : token;
    }

    private boolean hasBytes(List<String> tokens) {
        for (int i = 0; i < tokens.size(); i++) if (type(i) == BYTE) return true;
        return tokens.contains("<0x00>");
    }

    private int type(int id) {
        return file.value(PREFIX + "token_type").path(id).asInt(1);
    }

    /** What all kinds have: the version, and the tokens that are found in a text before anything else. */
    private ObjectNode root(List<String> tokens) {
        ObjectNode root = make.objectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < tokens.size(); id++) {
            int type = type(id);
            boolean special = type == CONTROL || type == UNKNOWN;
            boolean respelled = type == USER_DEFINED && tokens.get(id).indexOf(MARK) >= 0;
            if (!special && (type != USER_DEFINED || respelled)) continue;
            added.addObject()
                    .put("id", id)
                    .put("content", tokens.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", special);
        }
        return root;
    }

    private ObjectNode bpe(List<String> tokens) {
        ObjectNode model = make.objectNode().put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) vocabulary.put(tokens.get(id), id);
        return model;
    }

    private ObjectNode prepend() {
        return make.objectNode().put("type", "Prepend").put("prepend", String.valueOf(MARK));
    }

    private ObjectNode replace(String text, String by) {
        ObjectNode step = make.objectNode().put("type", "Replace");
        step.putObject("pattern").put("String", text);
        return step.put("content", by);
    }

    private ObjectNode sequence(String key, ObjectNode... steps) {
        ObjectNode sequence = make.objectNode().put("type", "Sequence");
        ArrayNode list = sequence.putArray(key);
        for (ObjectNode step : steps) list.add(step);
        return sequence;
    }

    private UserException wrong(String what) {
        return UserException.data("The GGUF file " + file.path() + " " + what
                + ". Take the model as a folder in Hugging Face layout, with its own tokenizer.json.");
    }
}
