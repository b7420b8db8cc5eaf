package org.dualform.data.synthetic;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The corpus's words, read from {@code words.yaml}.
 *
 * @param topic category name to nouns; categories that labels are made of
 * @param unclassifiedTopic category name to nouns; in sentences only, never what a label stands for in training
 * @param sentiment category name to adjectives
 * @param time category name to time words
 * @param labels label words beside the categories' names
 * @param heldOutLabels words of ordinary text that are never a label in training
 * @param function small words
 */
public record Lexicon(
        LinkedHashMap<String, List<String>> topic,
        @JsonProperty("unclassified_topic") LinkedHashMap<String, List<String>> unclassifiedTopic,
        LinkedHashMap<String, List<String>> sentiment,
        LinkedHashMap<String, List<String>> time,
        List<String> labels,
        @JsonProperty("held_out_labels") List<String> heldOutLabels,
        List<String> function) {

    /** The words that come with the program. */
    public static Lexicon builtIn() {
        try (InputStream in = Lexicon.class.getResourceAsStream("words.yaml")) {
            if (in == null) {
                throw new IllegalStateException("words.yaml is missing from the jar");
            }
            return new YAMLMapper().readValue(in, Lexicon.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a sentence can be classified by in training: topic, sentiment and time. */
    public List<Attribute> attributes() {
        return List.of(
                new Attribute("topic", topic), new Attribute("sentiment", sentiment), new Attribute("time", time));
    }

    /** The attribute called {@code name}; {@code unclassified_topic} is one too. */
    public Attribute attribute(String name) {
        return Stream.concat(attributes().stream(), Stream.of(new Attribute("unclassified_topic", unclassifiedTopic)))
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attribute " + name));
    }

    /** The attribute that has all these categories; where they are of several, one made of just these. */
    public Attribute attributeOf(Set<String> categories) {
        List<Attribute> all = Stream.concat(attributes().stream(), Stream.of(attribute("unclassified_topic")))
                .toList();
        LinkedHashMap<String, List<String>> members = new LinkedHashMap<>();
        for (Attribute attribute : all) {
            if (attribute.categories().containsAll(categories)) {
                return attribute;
            }
            attribute.members().forEach((category, words) -> {
                if (categories.contains(category)) {
                    members.put(category, words);
                }
            });
        }
        return new Attribute("mixed", members);
    }

    /** Every word that may be a label in training: the categories' names and the arbitrary ones. */
    public List<String> trainingLabels() {
        List<String> words = new ArrayList<>();
        attributes().forEach(attribute -> words.addAll(attribute.categories()));
        words.addAll(labels);
        return List.copyOf(words);
    }

    /** Every word that may stand for another in training: all but the held-out labels and the function words. */
    public List<String> bindable() {
        return words().stream()
                .filter(word -> !function.contains(word))
                .filter(word -> !heldOutLabels.contains(word))
                .toList();
    }

    /** Every noun, also those of categories that are never classified. */
    public List<String> nouns() {
        return Stream.concat(topic.values().stream(), unclassifiedTopic.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** Every word once, in the order of the vocabulary. */
    public List<String> words() {
        List<String> words = new ArrayList<>(function);
        for (Attribute attribute : attributes()) {
            words.addAll(attribute.categories());
            attribute.members().values().forEach(words::addAll);
        }
        unclassifiedTopic.values().forEach(words::addAll);
        words.addAll(labels);
        words.addAll(heldOutLabels);
        return List.copyOf(words);
    }
}
