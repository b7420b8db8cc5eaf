package org.dualform.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.dualform.spec.choice.Preset;
import org.dualform.spec.read.NormalSpec;
import org.dualform.spec.read.SpecFile;
import org.dualform.spec.read.SpecReader;

/**
 * What to measure, in normal form: lists are distinct, numbers sorted, {@code other_datasets} merged into
 * {@code datasets}. Every parameter is a component of one of the four groups, under the name that
 * {@code contract/schema/spec.schema.json} gives it. The schema also holds the defaults.
 *
 * @param preset whose values stand where the spec left a default
 * @param data what is measured
 * @param methods how it is measured
 * @param recording what is kept of the attention
 * @param machine what a task may use of the machine
 */
public record Experiment(
        Preset preset, DataChoice data, MethodChoice methods, RecordingChoice recording, MachineChoice machine) {

    /** Seed of the file order: the first k rows are demonstrations, the first {@code limit} rows are evaluated. */
    public static final int FILE_ORDER = 0;

    /** The value that leaves split, template, learning rate, threads, device or memory to Dualform. */
    public static final String AUTO = "auto";

    /** The value of {@code learning_rate} that stands for the paper's grid. */
    public static final String PAPER = "paper";

    /**
     * Reads a spec, or a form's values; absent keys take the schema's defaults.
     *
     * @throws UserException naming every mistake at once
     */
    public static Experiment fromJson(JsonNode spec) {
        return draft(spec).checked();
    }

    /**
     * Reads a spec that may have mistakes, for callers that look for further mistakes before they tell any.
     *
     * @throws UserException if it is no mapping
     */
    public static Draft draft(JsonNode spec) {
        NormalSpec normal = SpecReader.read(spec);
        return SelectionCheck.of(SpecBinding.read(normal.values()), normal.mistakes(), normal.wrong());
    }

    /** The values in a YAML or JSON file, unchecked; {@link #fromJson} checks them. */
    public static ObjectNode readFile(Path file) {
        if (SpecFile.read(file) instanceof ObjectNode values) return values;
        throw UserException.usage("The spec " + file + " is no mapping of parameters to values.");
    }

    /**
     * Reads a YAML or JSON file.
     *
     * @throws UserException if the file is unreadable or malformed, or naming every mistake at once
     */
    public static Experiment fromFile(Path file) {
        return fromJson(SpecFile.read(file));
    }

    /** The spec in normal form: every key in the schema's order, lists as arrays. */
    public ObjectNode toJson() {
        return SpecBinding.write(this);
    }

    /** {@link #toJson()} in YAML, as {@code --print-spec} shows it. */
    public String toYaml() {
        return SpecFile.yaml(toJson());
    }

    /** The experiment as it is for one of its data sets, with the values that {@code per_dataset} has for it. */
    public Experiment of(String dataset) {
        PerDataset own = data.perDataset()
                .getOrDefault(ShortNames.lastPart(dataset), data.perDataset().get(dataset));
        return own == null ? this : new Experiment(preset, data.with(own), methods.with(own), recording, machine);
    }
}
