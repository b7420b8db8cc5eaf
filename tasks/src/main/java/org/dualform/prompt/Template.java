package org.dualform.prompt;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dualform.base.Sha256;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.dualform.data.LabelledRow;
import org.jspecify.annotations.Nullable;

/**
 * How a row becomes text and a label becomes a word.
 *
 * @param name the name for {@code --template}
 * @param version it is raised whenever the text changes
 * @param fields the fields of a row that are used
 * @param text the input, with {@code {field}} where a field's text goes, and without the label
 * @param words the label words by the labels' <em>names</em>; if empty, the names are the words
 * @param split the evaluation split to prefer, or null
 * @param description the task in words, or null
 * @param chat the form of the conversation that the texts become; null for plain text
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Template(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) int version,
        @JsonProperty(required = true) List<String> fields,
        @JsonProperty(required = true) String text,
        @JsonProperty(required = true) Map<String, String> words,
        @Nullable String split,
        @Nullable String description,
        @Nullable ChatUse chat) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /** @throws UserException if the fields and the placeholders differ, or a word is blank */
    public Template {
        fields = List.copyOf(fields);
        words = Collections.unmodifiableMap(new LinkedHashMap<>(words));
        List<String> mistakes = new ArrayList<>();
        Set<String> placeholders = new LinkedHashSet<>();
        PLACEHOLDER.matcher(text).results().forEach(match -> placeholders.add(match.group(1)));
        if (name.isBlank()) mistakes.add("A template needs a name.");
        if (!placeholders.equals(new LinkedHashSet<>(fields)))
            mistakes.add("The template " + name + " lists the fields " + fields + ", but its text uses " + placeholders
                    + "; the two have to be the same.");
        words.forEach((label, word) -> {
            if (word.isBlank())
                mistakes.add("The template " + name + " has an empty word for the label '" + label + "'.");
        });
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.DATA, mistakes);
    }

    /** A template for plain text. */
    public Template(
            String name,
            int version,
            List<String> fields,
            String text,
            Map<String, String> words,
            @Nullable String split,
            @Nullable String description) {
        this(name, version, fields, text, words, split, description, null);
    }

    /** The same texts as turns of a conversation. The name says so, since results are told apart by it. */
    public Template inChat(ChatUse use) {
        String form = " chat-" + use.demonstrations().id();
        return new Template(name + form, version, fields, text, words, split, description, use);
    }

    /**
     * The task description, where one is asked for.
     *
     * @throws UserException if there is none
     */
    public @Nullable String descriptionIf(boolean asked) {
        if (!asked) return null;
        if (description == null)
            throw UserException.usage("description: the template " + name + " has no task description.");
        return description;
    }

    /** The text of a row, without the label. Braces inside a field's text stay as they are. */
    public String input(LabelledRow row) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> Matcher.quoteReplacement(filled(match, row)));
    }

    /**
     * The word of every label, in the labels' order.
     *
     * @throws UserException naming the labels that have no word
     */
    public List<String> wordsOf(List<String> labels) {
        if (words.isEmpty()) return List.copyOf(labels);
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String label : labels) {
            String word = words.get(label);
            if (word == null) missing.add(label);
            else found.add(word);
        }
        if (!missing.isEmpty())
            throw UserException.data("The template " + name + " has no word for the label"
                    + (missing.size() > 1 ? "s " : " ") + String.join(", ", missing) + "; it has words for "
                    + String.join(", ", words.keySet())
                    + ". Name another template, or the file of your own, with --template.");
        return found;
    }

    /** The evaluation split that the template prefers. */
    @JsonIgnore
    public Optional<String> evaluationSplit() {
        return Optional.ofNullable(split);
    }

    /** A hash of everything that bears on the sequences: the text, the words, the description and the form of a chat. */
    public String sha256() {
        String content =
                String.join("\u0000", text, new TreeMap<>(words).toString(), description == null ? "" : description);
        if (chat != null) content += "\u0000" + chat.demonstrations().id() + " " + chat.sha256();
        return Sha256.hex(content);
    }

    private static String filled(MatchResult placeholder, LabelledRow row) {
        String value = row.field(placeholder.group(1));
        if (value == null)
            throw UserException.data(row.place() + ": the field '" + placeholder.group(1) + "' is missing.");
        return value;
    }
}
