package org.dualform.spec.read;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The values of each preset: one YAML file a preset, in the folder {@code presets} beside this class. */
final class Presets {
    static final String NONE = "none";

    private Presets() {}

    /** The values of a preset that the schema names. */
    static ObjectNode values(String name) {
        if (name.equals(NONE)) return JsonNodeFactory.instance.objectNode();
        try (InputStream in = Presets.class.getResourceAsStream("presets/" + name + ".yaml")) {
            if (in == null) throw new IllegalStateException("missing from the class path: preset " + name);
            return (ObjectNode) new YAMLMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
