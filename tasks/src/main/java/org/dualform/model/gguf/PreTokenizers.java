package org.dualform.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How byte-level BPE cuts a text before it merges, by the name that {@code tokenizer.ggml.pre} gives. Only names whose
 * expression is certain are here: llama.cpp ({@code src/llama-vocab.cpp}) and the models' own tokenizer.json agree on it.
 *
 * @param expressions each cuts what the one before left, into its matches and what is between them
 * @param wholeWords whether a word that is in the vocabulary is taken as it is, without its merges
 */
record PreTokenizers(List<String> expressions, boolean wholeWords) {
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String WORD = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
    private static final String LLAMA3 = CONTRACTIONS + "|" + WORD + "|\\p{N}{1,3}" + REST;
    private static final String QWEN2 = CONTRACTIONS + "|" + WORD + "|\\p{N}" + REST;
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String SLASHED = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String TEKKEN =
            BEFORE + UPPER + "*" + LOWER + "+|" + BEFORE + UPPER + "+" + LOWER + "*|\\p{N}" + SLASHED;

    private static final PreTokenizers BYTES = new PreTokenizers(List.of(GPT2), false);
    private static final PreTokenizers DIGITS = new PreTokenizers(List.of("\\p{N}", GPT2), false);
    private static final PreTokenizers QWEN = new PreTokenizers(List.of(QWEN2), false);
    private static final PreTokenizers THREE_DIGITS = new PreTokenizers(List.of(LLAMA3), false);
    private static final PreTokenizers LLAMA = new PreTokenizers(List.of(LLAMA3), true);

    private static final Map<String, PreTokenizers> BY_NAME = Map.ofEntries(
            Map.entry("gpt-2", BYTES),
            Map.entry("phi-2", BYTES),
            Map.entry("olmo", BYTES),
            Map.entry("mpt", BYTES),
            Map.entry("smollm", DIGITS),
            Map.entry("starcoder", DIGITS),
            Map.entry("refact", DIGITS),
            Map.entry("command-r", DIGITS),
            Map.entry("codeshell", DIGITS),
            Map.entry("qwen2", QWEN),
            Map.entry("stablelm2", QWEN),
            Map.entry("deepseek-r1-qwen", QWEN),
            Map.entry("dbrx", THREE_DIGITS),
            Map.entry("smaug-bpe", THREE_DIGITS),
            Map.entry("llama3", LLAMA),
            Map.entry("llama-v3", LLAMA),
            Map.entry("llama-bpe", LLAMA),
            Map.entry("falcon3", LLAMA),
            Map.entry("tekken", new PreTokenizers(List.of(TEKKEN), true)));

    /** Architectures whose every tokenizer cuts as GPT-2's, so that a file need not say so. */
    private static final List<String> AS_GPT2 = List.of("gpt2", "gptneox", "phi2");

    /**
     * @param name the file's name; {@code default}, or none in old files, says only that the converter did not know
     * @return empty if it is not known here
     */
    static Optional<PreTokenizers> of(String name, String architecture) {
        boolean unsaid = name.isEmpty() || name.equals("default");
        return unsaid && AS_GPT2.contains(architecture) ? Optional.of(BYTES) : Optional.ofNullable(BY_NAME.get(name));
    }

    static String names() {
        return String.join(", ", new TreeSet<>(BY_NAME.keySet()));
    }

    /** The step as in a tokenizer.json. */
    ObjectNode step() {
        List<ObjectNode> steps = new ArrayList<>();
        for (String expression : expressions) {
            ObjectNode split = JsonNodeFactory.instance.objectNode().put("type", "Split");
            split.putObject("pattern").put("Regex", expression);
            steps.add(split.put("behavior", "Isolated").put("invert", false));
        }
        steps.add(bytes());
        ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        ArrayNode list = sequence.putArray("pretokenizers");
        steps.forEach(list::add);
        return sequence;
    }

    /** The step, or the decoder, that maps bytes to letters and does not cut. */
    static ObjectNode bytes() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
    }
}
