package org.dualform.model.chat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.base.Sha256;
import org.dualform.contract.UserException;

/**
 * A model's own chat template: the Jinja text that turns a conversation into the text on which the model was tuned. It
 * is rendered as transformers renders it (https://huggingface.co/docs/transformers/chat_templating), without tools and
 * documents.
 */
public final class ChatTemplate {
    private final String place;
    private final String source;
    private final Map<String, String> specialTokens;
    private final Jinja jinja;

    /**
     * @param place where the template stands, for messages
     * @param source the template
     * @param specialTokens texts of special tokens by their names, such as {@code bos_token}
     * @throws UserException if it uses something that the library does not run
     */
    public ChatTemplate(String place, String source, Map<String, String> specialTokens) {
        this.place = place;
        this.source = source;
        this.specialTokens = Map.copyOf(specialTokens);
        this.jinja = new Jinja(place, Dialect.translate(place, source));
    }

    /**
     * The template of a model folder or a GGUF file.
     *
     * @throws UserException if there is none, or it cannot be read
     */
    public static ChatTemplate of(Path model) {
        return ChatTemplateFile.read(model);
    }

    /** Where the template stands, for messages. */
    public String place() {
        return place;
    }

    /** A hash of all that bears on the text: the template and the special tokens. */
    public String sha256() {
        return Sha256.hex(source + "\u0000" + new TreeMap<>(specialTokens));
    }

    /** Whether the template asks for the date. It always gets {@link HostFunctions#DATE}. */
    public boolean asksForTheDate() {
        return source.contains("strftime_now");
    }

    /**
     * The text of a conversation.
     *
     * @param answering whether the beginning of the assistant's next answer follows
     * @throws UserException with the template's own message, if it raises one, or naming what is wrong with it
     */
    public String render(List<ChatMessage> conversation, boolean answering) {
        Map<String, Object> values = new HashMap<>(specialTokens);
        values.put("messages", conversation.stream().map(ChatMessage::toMap).toList());
        values.put("add_generation_prompt", answering);
        return jinja.render(values);
    }
}
