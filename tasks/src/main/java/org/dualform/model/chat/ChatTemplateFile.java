package org.dualform.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;
import org.dualform.gguf.GgufParts;
import org.dualform.model.gguf.GgufModel;

/**
 * Finds a model's chat template: the file chat_template.jinja, else "chat_template" in tokenizer_config.json, which is a
 * text or a list of named ones; in a GGUF file, tokenizer.chat_template.
 */
final class ChatTemplateFile {
    private static final String FILE = "chat_template.jinja";
    private static final String CONFIG = "tokenizer_config.json";
    private static final String KEY = "chat_template";
    private static final String GGUF_KEY = "tokenizer.chat_template";
    private static final String USUAL = "default";
    private static final List<String> SPECIAL = List.of("bos_token", "eos_token", "unk_token", "pad_token");
    private static final long LARGEST = 1L << 22;
    private static final String WAY_OUT =
            " Set chat to off for the plain text, or take a model that was tuned for chat.";

    private ChatTemplateFile() {}

    static ChatTemplate read(Path model) {
        try {
            return GgufParts.isFile(model) ? inGguf(model) : inFolder(model);
        } catch (CharacterCodingException e) {
            throw UserException.data("chat: the chat template of " + model + " is not UTF-8.", e);
        } catch (IOException e) {
            throw UserException.data(
                    "chat: the chat template of " + model + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static ChatTemplate inFolder(Path folder) throws IOException {
        JsonNode config = config(folder.resolve(CONFIG));
        Map<String, String> special = new HashMap<>();
        for (String name : SPECIAL) {
            JsonNode token = config.path(name);
            String text = token.isObject() ? token.path("content").asText("") : token.asText("");
            if (!text.isEmpty() && !token.isNull()) special.put(name, text);
        }
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            requireSmall(file);
            return new ChatTemplate(file.toString(), Files.readString(file), special);
        }
        String place = "\"" + KEY + "\" in " + folder.resolve(CONFIG);
        JsonNode template = config.path(KEY);
        if (template.isTextual()) return new ChatTemplate(place, template.textValue(), special);
        if (template.isArray()) return new ChatTemplate(place, usual(place, template), special);
        throw UserException.data("chat: the model " + folder + " has no chat template: there is no " + FILE + ", and "
                + CONFIG + " has no \"" + KEY + "\"." + WAY_OUT);
    }

    /** The template named default; templates for tools and the like stand beside it. */
    private static String usual(String place, JsonNode named) {
        List<String> names = new ArrayList<>();
        for (JsonNode entry : named) {
            String name = entry.path("name").asText("");
            if (name.equals(USUAL) && entry.path("template").isTextual())
                return entry.get("template").textValue();
            names.add(name);
        }
        throw UserException.data("chat: " + place + " is a list without a template named " + USUAL + "; it has: "
                + String.join(", ", names) + "." + WAY_OUT);
    }

    private static JsonNode config(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return JsonNodeFactory.instance.objectNode();
        requireSmall(file);
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw UserException.data("The file " + file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void requireSmall(Path file) throws IOException {
        if (Files.size(file) > LARGEST && file.endsWith(FILE))
            throw UserException.data("chat: the file " + file + " has " + Files.size(file)
                    + " bytes; a chat template has at most " + LARGEST + ".");
    }

    private static ChatTemplate inGguf(Path file) {
        GgufFile gguf = GgufFile.open(file);
        JsonNode template = gguf.value(GGUF_KEY);
        if (!template.isTextual())
            throw UserException.data("chat: the model " + file + " has no chat template: its metadata have no "
                    + GGUF_KEY + "." + WAY_OUT);
        Map<String, String> special = new HashMap<>();
        for (String name : SPECIAL) {
            OptionalInt id = GgufModel.token(gguf, name.replace("_token", ""));
            id.ifPresent(at -> {
                String text = gguf.value("tokenizer.ggml.tokens").path(at).asText("");
                if (!text.isEmpty()) special.put(name, text);
            });
        }
        return new ChatTemplate(GGUF_KEY + " in " + file, template.textValue(), special);
    }
}
