package org.dualform.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.dualform.contract.UserException;
import org.dualform.spec.arm.Arm;

/**
 * What to measure, in normalised form: lists are distinct, numbers sorted, {@code other_datasets} merged. The names and
 * meanings are those of {@code contract/schema/spec.schema.json}, which is also where the defaults stand.
 *
 * @param preset whose values stand where the spec left a default
 * @param model a built-in name, a folder in Hugging Face layout, or {@code org/name}
 * @param datasets names, folders or files, in the order given
 * @param shots numbers of demonstrations, ascending
 * @param seeds draws of demonstrations, ascending; 0 is file order
 * @param methods which methods run
 * @param limit at most this many rows are evaluated
 * @param learningRate empty: chosen from a grid ({@code auto} or {@code paper})
 * @param paperGrid whether that grid is the paper's 36 values
 * @param select what each method chooses for itself: one of the seeds, of the orders, of the templates
 * @param selectOn rows to choose on: {@code train} or {@code reported}
 * @param orders rearrangements of the same demonstrations, ascending; 0 is the drawn order
 * @param arms {@code main} and controls, by their canonical names; see {@link Arm}
 * @param rows file that names rows by number; empty: rows are drawn
 * @param perDataset by a data set's name
 * @param split evaluation split, or {@code auto}
 * @param template templates' names or files, comma-separated, or {@code auto}
 * @param description whether the template's task description opens the context
 * @param passes passes of fine-tuning over the demonstrations
 * @param record whether attention outputs and scores are kept
 * @param recordPosition {@code predict} or {@code official}
 * @param recordQueries {@code unrotated} or {@code rotated}
 * @param recordLimit at most this many evaluated rows are recorded
 * @param baselines what similarities are compared with: names of {@code contract/schema/spec.schema.json}
 * @param threads threads of one task; empty: {@code auto}
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:i}
 * @param memory most memory of one task, or {@code auto}
 * @param dtype data type of the computation
 * @param reserveTokens positions kept free beyond the longest query
 * @param transport {@code shared} or {@code mlflow}
 * @param fresh whether finished results of equal content are ignored
 */
public record Experiment(
        String preset,
        String model,
        List<String> datasets,
        List<Integer> shots,
        List<Integer> seeds,
        List<Method> methods,
        int limit,
        OptionalDouble learningRate,
        boolean paperGrid,
        List<String> select,
        String selectOn,
        List<Integer> orders,
        List<String> arms,
        String rows,
        Map<String, DatasetValues> perDataset,
        String split,
        String template,
        boolean description,
        int passes,
        boolean record,
        String recordPosition,
        String recordQueries,
        int recordLimit,
        List<String> baselines,
        OptionalInt threads,
        String device,
        String memory,
        String dtype,
        int reserveTokens,
        String transport,
        boolean fresh) {

    /** Seed of the file order: the first k rows are demonstrations, the first {@code limit} rows are evaluated. */
    public static final int FILE_ORDER = 0;

    /** What a parameter says that is left to us: split, template, learning rate, threads, device, memory. */
    public static final String AUTO = "auto";

    /** What {@code learning_rate} says for the paper's grid. */
    public static final String PAPER = "paper";

    public Experiment {
        select = List.copyOf(select);
        datasets = List.copyOf(datasets);
        shots = List.copyOf(shots);
        seeds = List.copyOf(seeds);
        methods = List.copyOf(methods);
        orders = List.copyOf(orders);
        arms = List.copyOf(arms);
        baselines = List.copyOf(baselines);
        perDataset = Collections.unmodifiableMap(new LinkedHashMap<>(perDataset));
    }

    /**
     * Reads the spec, or a form's values: absent keys take the schema's defaults.
     *
     * @throws org.dualform.contract.UserException naming every mistake at once
     */
    public static Experiment fromJson(JsonNode spec) {
        return draft(spec).checked();
    }

    /** As {@link #fromJson}, for those who look up what it names before its mistakes are told. */
    public static Draft draft(JsonNode spec) {
        return new ExperimentReader(spec).read();
    }

    /** The values in a YAML or JSON file, unchecked; {@link #fromJson} checks them. */
    public static ObjectNode readFile(Path file) {
        if (SpecFile.read(file) instanceof ObjectNode values) return values;
        throw UserException.usage("The spec " + file + " is no mapping of parameters to values.");
    }

    /** Reads a YAML or JSON file; errors as in {@link #fromJson}, and unreadable or malformed files. */
    public static Experiment fromFile(Path file) {
        return fromJson(SpecFile.read(file));
    }

    /** The normalised spec: every key in the schema's order, lists as arrays. */
    public ObjectNode toJson() {
        return SpecFile.write(this);
    }

    /** As {@link #toJson()}, in YAML, as {@code --print-spec} shows it. */
    public String toYaml() {
        return SpecFile.yaml(toJson());
    }

    /** The experiment as it is for one of its data sets, with its own shots, seeds and learning rate. */
    public Experiment of(String dataset) {
        DatasetValues own = perDataset.getOrDefault(ShortNames.lastPart(dataset), perDataset.get(dataset));
        if (own == null) return this;
        return new Experiment(
                preset,
                model,
                datasets,
                own.shots().orElse(shots),
                own.seeds().orElse(seeds),
                methods,
                limit,
                own.learningRate().isPresent() ? own.learningRate() : learningRate,
                paperGrid,
                select,
                selectOn,
                orders,
                arms,
                rows,
                perDataset,
                split,
                template,
                description,
                passes,
                record,
                recordPosition,
                recordQueries,
                recordLimit,
                baselines,
                threads,
                device,
                memory,
                dtype,
                reserveTokens,
                transport,
                fresh);
    }

    /** The templates asked for, distinct, in the order given. */
    public List<String> templates() {
        return Arrays.stream(template.split(",", -1))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** The largest number of demonstrations asked for. */
    public int maxShots() {
        return shots.get(shots.size() - 1);
    }

    /**
     * Whether the evaluated rows are the first of the file. All seeds of a study share them, so seed 0, which asks for
     * the file's order, decides for all; otherwise a fixed draw is taken, since some splits are sorted by label.
     */
    public boolean evaluatesFirstRows() {
        return seeds.contains(FILE_ORDER);
    }
}
