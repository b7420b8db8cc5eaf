package org.dualform.hub.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of a data set's README that is made for programs: YAML at its head, with configurations, the files of splits
 * and the names of labels.
 */
public final class DatasetCard {
    private final JsonNode root;

    private DatasetCard(JsonNode root) {
        this.root = root;
    }

    /** Reads a card. Where there is no YAML head, or it cannot be read, the card is empty. */
    public static DatasetCard parse(String readme) {
        String text = readme.replace("\r\n", "\n");
        int end = text.indexOf("\n---", 3);
        if (!text.startsWith("---\n") || end < 0) return empty();
        try {
            return new DatasetCard(new YAMLMapper().readTree(text.substring(4, end + 1)));
        } catch (JsonProcessingException e) {
            return empty();
        }
    }

    public static DatasetCard empty() {
        return new DatasetCard(MissingNode.getInstance());
    }

    /** The names of the configurations whose files the card gives. */
    List<String> configs() {
        List<String> names = new ArrayList<>();
        for (JsonNode config : root.path("configs")) names.add(name(config));
        return names;
    }

    /**
     * The configuration that is meant if none is named: the one marked as default, the one called default, or the only
     * one.
     */
    Optional<String> standard() {
        for (JsonNode config : root.path("configs")) {
            if (config.path("default").asBoolean()) return Optional.of(name(config));
        }
        List<String> names = configs();
        if (names.contains(DatasetSelection.DEFAULT)) return Optional.of(DatasetSelection.DEFAULT);
        return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
    }

    /** A pattern of paths. {@code split} is empty where the file's name gives the split. */
    record Files(Optional<String> split, String pattern) {}

    /** The patterns of a configuration, relative to its folder; empty if the card gives none. */
    List<Files> files(String config) {
        List<Files> files = new ArrayList<>();
        for (JsonNode node : root.path("configs")) {
            if (!name(node).equals(config)) continue;
            JsonNode folder = node.path("data_dir");
            String prefix = folder.isTextual() ? folder.asText().replaceAll("^\\./|/+$", "") + "/" : "";
            JsonNode data = node.path("data_files");
            if (data.isMissingNode() && !prefix.isEmpty()) files.add(new Files(Optional.empty(), prefix + "**"));
            else if (data.isObject()) {
                data.properties().forEach(entry -> add(files, Optional.of(entry.getKey()), prefix, entry.getValue()));
            } else if (data.isArray() && data.path(0).isObject()) {
                for (JsonNode split : data) {
                    add(files, Optional.of(split.path("split").asText("train")), prefix, split.path("path"));
                }
            } else {
                add(files, Optional.of("train"), prefix, data);
            }
        }
        return files;
    }

    private static void add(List<Files> files, Optional<String> split, String prefix, JsonNode paths) {
        if (paths.isTextual())
            files.add(new Files(split, prefix + paths.asText().replaceFirst("^\\./", "")));
        else for (JsonNode path : paths) add(files, split, prefix, path);
    }

    /** The names of the feature {@code label}, by index; empty if the card does not give them. */
    List<String> labels(String config) {
        JsonNode info = root.path("dataset_info");
        for (JsonNode one : info.isObject() ? List.of(info) : info) {
            if (!one.has("config_name") || name(one).equals(config)) return labels(one);
        }
        return List.of();
    }

    private static List<String> labels(JsonNode info) {
        for (JsonNode feature : info.path("features")) {
            if (!feature.path("name").asText().equals("label")) continue;
            JsonNode names = feature.path("dtype").path("class_label").path("names");
            List<String> listed = new ArrayList<>();
            if (names.isArray()) names.forEach(name -> listed.add(name.asText()));
            TreeMap<Integer, String> byIndex = new TreeMap<>();
            names.properties().forEach(entry -> {
                if (entry.getKey().matches("\\d{1,6}"))
                    byIndex.put(
                            Integer.parseInt(entry.getKey()), entry.getValue().asText());
            });
            listed.addAll(byIndex.values());
            return listed;
        }
        return List.of();
    }

    private static String name(JsonNode config) {
        return config.path("config_name").asText(DatasetSelection.DEFAULT);
    }
}
