package org.dualform.model.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dualform.contract.UserException;

/**
 * A program that reads mutated tokenizers, and encodes and decodes with those that are accepted. It runs in a process of
 * its own, since a mistake ends the process. The file {@code seed} says which mutation was the last.
 */
final class MutatedTokenizers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FRAGMENTS = List.of(
            "\"\\ud800\"",
            "\"\\udfff\\ud800\"",
            "\"\\u0000\"",
            "\"" + "x".repeat(5000) + "\"",
            "\"" + "y".repeat(500) + "\"",
            "\"👍\"",
            "\"\"",
            "\" \"",
            "\"##\"",
            "\"ä\"",
            "0",
            "-1",
            "3",
            "9223372036854775807",
            "18446744073709551616",
            "1e308",
            "1e999",
            "null",
            "true",
            "[]",
            "{}",
            "[[\"a\",\"b\"]]",
            "[\"a b\",\"b\"]",
            "{\"String\":\"\"}",
            "{\"Regex\":\"\"}",
            "{\"Regex\":\"(a*)*\"}",
            "{\"Regex\":\"(a|b|ab)*$\"}",
            "{\"Regex\":\"^\"}",
            "{\"Regex\":\"\\\\Ka\"}",
            "{\"Regex\":\"(?<=a)\"}",
            "{\"Regex\":\"((((((((((a{99}){99}){99}){99}){99}){99}){99}){99}){99}){99})\"}",
            "{\"Regex\":\"[\"}",
            "{\"type\":\"Prepend\",\"prepend\":\"ä\"}",
            "{\"type\":\"Strip\",\"content\":\"a\",\"start\":1,\"stop\":1}",
            "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
            "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAAAA==\"}",
            "{\"type\":\"FixedLength\",\"length\":0}");
    private static final List<String> WORDS = List.of(
            "a",
            "b",
            "ab",
            "",
            " ",
            "▁",
            "##",
            "ä",
            "👍",
            "<s>",
            "<x>",
            "a b",
            "ab a",
            "x".repeat(400),
            "\\s",
            "a|b",
            "^",
            "$",
            "(?=a)",
            "[^a]",
            "\\Ka",
            ".",
            "\\w+",
            "Removed",
            "Contiguous",
            "always",
            "never");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            " ab abab\0 AbA",
            "Ägypten 東京 👍🏽 e\u0301 \u200d\ufeff\ud7ff",
            "<s> <x>a<x> <s><s>",
            " ".repeat(300) + "a".repeat(300) + "b\n\t");

    private MutatedTokenizers() {}

    /** Arguments: folder, first seed, number of mutations. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        long first = Long.parseLong(arguments[1]);
        int accepted = 0;
        for (long seed = first; seed < first + Long.parseLong(arguments[2]); seed++) {
            Files.writeString(folder.resolve("seed"), Long.toString(seed));
            Tokenizers.folder(folder, mutated(new Random(seed)));
            if (used(folder)) accepted++;
        }
        System.out.println(accepted);
    }

    /** Whether the tokenizer is accepted; any other failure than a user's mistake is thrown. */
    private static boolean used(Path folder) {
        try (TextTokenizer tokenizer = TextTokenizer.open(folder)) {
            for (String text : TEXTS) {
                try {
                    tokenizer.decode(tokenizer.encode(text));
                } catch (UserException e) {
                    requireNamed(e);
                }
            }
            return true;
        } catch (UserException e) {
            requireNamed(e);
            return false;
        }
    }

    private static void requireNamed(UserException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("tokenizer.json")) throw new AssertionError("no file is named: " + message);
    }

    static String mutated(Random random) throws IOException {
        String base = Tokenizers.all().get(random.nextInt(Tokenizers.all().size()));
        if (random.nextInt(4) == 0) return cut(base, random);
        JsonNode root = JSON.readTree(base);
        for (int i = random.nextInt(3); i >= 0; i--) change(root, random);
        // A lone surrogate has no UTF-8, so the file has it as an escape.
        return JSON.writer().with(JsonGenerator.Feature.ESCAPE_NON_ASCII).writeValueAsString(root);
    }

    /** Changes the text, as a damaged disk does. */
    private static String cut(String base, Random random) {
        StringBuilder out = new StringBuilder(base);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(out.length());
            int end = Math.min(out.length(), at + random.nextInt(8));
            if (random.nextBoolean()) out.setCharAt(at, (char) (32 + random.nextInt(95)));
            else out.replace(at, end, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return out.toString();
    }

    /** Changes one value, key or piece of the tree. */
    private static void change(JsonNode root, Random random) throws IOException {
        List<JsonNode> parents = new ArrayList<>();
        collect(root, parents);
        JsonNode parent = parents.get(random.nextInt(parents.size()));
        JsonNode value = random.nextInt(3) == 0
                ? parents.get(random.nextInt(parents.size())).deepCopy()
                : JSON.readTree(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        if (random.nextInt(3) > 0) {
            keepType(parent, random);
        } else if (parent instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextInt(3) == 0) array.add(value);
            else array.set(random.nextInt(array.size()), value);
        } else if (parent instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(6)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(value.asText("k"), object.remove(name));
                default -> object.set(name, value);
            }
        }
    }

    /** Changes one value of a container to another of its type. */
    private static void keepType(JsonNode parent, Random random) {
        if (parent.isEmpty()) return;
        int at = random.nextInt(parent.size());
        List<String> names = new ArrayList<>();
        parent.fieldNames().forEachRemaining(names::add);
        JsonNode old = parent.isArray() ? parent.get(at) : parent.get(names.get(at));
        JsonNode value = switch (old.getNodeType()) {
            case STRING -> TextNode.valueOf(WORDS.get(random.nextInt(WORDS.size())));
            case NUMBER -> IntNode.valueOf(random.nextInt(9) - 1);
            case BOOLEAN -> BooleanNode.valueOf(random.nextBoolean());
            default -> old;
        };
        if (parent instanceof ArrayNode array) array.set(at, value);
        else if (parent instanceof ObjectNode object) object.set(names.get(at), value);
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) into.add(node);
        for (JsonNode child : node) collect(child, into);
    }
}
