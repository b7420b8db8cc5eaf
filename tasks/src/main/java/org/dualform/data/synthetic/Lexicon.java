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
 * The words of the corpus, read from {@code words.yaml}.
 *
 * @param topic the nouns of each category that labels can stand for
 * @param unclassifiedTopic the nouns of categories that occur in sentences but that no label stands for in training
 * @param sentiment the adjectives of each category
 * @param time the time words of each category
 * @param labels label words besides the categories' names
 * @param heldOutLabels words of ordinary text that are never labels in training
 * @param function function words
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

    /** The properties by which sentences are classified in training: topic, sentiment and time. */
    public List<Attribute> attributes() {
        return List.of(
                new Attribute("topic", topic), new Attribute("sentiment", sentiment), new Attribute("time", time));
    }

    /** The property called {@code name}, which may also be {@code unclassified_topic}. */
    public Attribute attribute(String name) {
        return Stream.concat(attributes().stream(), Stream.of(new Attribute("unclassified_topic", unclassifiedTopic)))
                .filter(attribute -> attribute.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attribute " + name));
    }

    /** The property that has all these categories. If they belong to several, one that consists of just these. */
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

    /** All words that may be labels in training: the categories' names and the arbitrary labels. */
    public List<String> trainingLabels() {
        List<String> words = new ArrayList<>();
        attributes().forEach(attribute -> words.addAll(attribute.categories()));
        words.addAll(labels);
        return List.copyOf(words);
    }

    /** All words that may stand for another word in training: all but the held-out labels and the function words. */
    public List<String> bindable() {
        return words().stream()
                .filter(word -> !function.contains(word))
                .filter(word -> !heldOutLabels.contains(word))
                .toList();
    }

    /** All nouns, including those of categories that are never classified. */
    public List<String> nouns() {
        return Stream.concat(topic.values().stream(), unclassifiedTopic.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** All words, each once, in the order of the vocabulary. */
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
