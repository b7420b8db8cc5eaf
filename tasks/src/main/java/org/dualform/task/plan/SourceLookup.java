package org.dualform.task.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetLocator;
import org.dualform.data.DatasetReader;
import org.dualform.gguf.GgufParts;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.dualform.model.ComputeDevice;
import org.dualform.prompt.Templates;
import org.dualform.spec.DataChoice;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.task.file.RowFile;
import org.dualform.task.parameters.Source;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.source.ModelFolders;
import org.dualform.task.source.Reach;
import org.dualform.task.store.FileHashes;
import org.jspecify.annotations.Nullable;

/** Finds everything that an experiment names: its model, data sets, templates, row file and device. */
final class SourceLookup {
    private final Draft draft;
    private final Experiment experiment;
    private final DataChoice data;
    private final Grid grid;
    private final ModelFolders models;
    private final HubSources.Session hub;
    private final Reach reach;
    private final Path builtins;
    private final DatasetLocator locator;
    private final FileHashes hashes;
    private final Findings findings;
    private final Map<Reading, Dataset> read = new HashMap<>();

    /** The folder and split that a data set was read for. */
    private record Reading(Path path, Optional<String> splitOfTemplate) {}

    /**
     * A data set that was found and read.
     *
     * @param planned its source and its template
     * @param rows its labelled rows
     */
    record Found(StudyPlan.PlannedDataset planned, Dataset rows) {}

    /**
     * @param environment the environment variables, which name the roots of models and data sets
     * @param hub looks up names that are unknown on this machine
     */
    SourceLookup(
            Draft draft,
            Map<String, String> environment,
            HubSources.Session hub,
            FileHashes hashes,
            Findings findings) {
        this.draft = draft;
        this.experiment = draft.experiment();
        this.data = experiment.data();
        this.grid = Grid.of(experiment);
        this.models = ModelFolders.fromEnvironment(environment);
        this.hub = hub;
        this.reach = Reach.of(environment);
        this.builtins =
                Path.of(environment.getOrDefault("DUALFORM_HOME", ".dualform")).resolve("datasets");
        this.locator = DatasetLocator.fromEnvironment(
                environment, (reference, home) -> hub.dataset(reference, data.split(), home));
        this.hashes = hashes;
        this.findings = findings;
    }

    /** The model, which the caller closes; empty if it is not found. */
    Optional<ModelFacts> model() throws IOException {
        if (!draft.isRight("model")) return Optional.empty();
        return findings.find(this::readModel);
    }

    private ModelFacts readModel() throws IOException {
        String reference = data.model();
        Path folder = modelHere(reference).or(() -> hub.model(reference)).orElseThrow(() -> models.unknown(reference));
        // A wrong spec gets no plan. Without a plan the hash is not worth its time.
        String sha256 = draft.isRight() ? ModelFolders.sha256(folder, hashes) : "";
        return ModelFacts.read(new Source(grid.modelName(), folder, sha256, hub.origin(folder)));
    }

    private Optional<Path> modelHere(String reference) {
        if (!mayBeHere("model", RepoKind.MODEL, reference)) return Optional.empty();
        Optional<Path> found = models.find(reference);
        if (found.isPresent()
                && (reference.contains("/") || GgufParts.isFile(found.get()))
                && !ModelFolders.files(found.get()).stream().allMatch(reach::allows))
            throw reach.refusal("model", reference);
        return found;
    }

    /**
     * Whether a reference is looked up on this machine's disk; if not, it is the name of a hub alone.
     *
     * @throws UserException if it is a path that may not be named
     */
    private boolean mayBeHere(String field, RepoKind kind, String reference) {
        // A name that no root has would be looked for in the folder in which the task happens to run.
        boolean known = field.equals("model")
                ? models.names().contains(reference)
                : locator.named().stream().anyMatch(named -> named.name().equals(reference));
        if (known || reach.allows(reference)) return true;
        if (HubName.parse(kind, reference).isPresent()) return false;
        if (reference.contains("/") || reference.contains(".")) throw reach.refusal(field, reference);
        return true;
    }

    private Path datasetPath(String reference) {
        if (!mayBeHere("datasets", RepoKind.DATASET, reference))
            return hub.dataset(reference, data.split(), builtins)
                    .orElseThrow(() -> reach.refusal("datasets", reference));
        return locator.locate(reference);
    }

    /** @throws UserException if it is a file that may not be named */
    private void checkTemplate(String asked) {
        if (!asked.equals(Experiment.AUTO) && !Templates.BUILT_IN.contains(asked) && !reach.allows(asked))
            throw reach.refusal("template", asked);
    }

    /** Every data set that is found, once for each of its templates, in the experiment's order. */
    List<Found> datasets() throws IOException {
        if (!data.template().equals(Experiment.AUTO)) {
            // A wrong template is reported even if no data set is found that would use it.
            for (String template : data.templates())
                findings.find(() -> {
                    checkTemplate(template);
                    return Templates.choose(template, "");
                });
        }
        List<Found> all = new ArrayList<>();
        for (String reference : data.datasets())
            for (String template : data.templates())
                findings.find(() -> dataset(reference, template))
                        .flatMap(found -> found)
                        .ifPresent(all::add);
        checkDistinct(all);
        return all;
    }

    /** Two names may mean one data set, or one template for it. What they measure could not be told apart. */
    private void checkDistinct(List<Found> all) {
        Map<Path, String> datasets = new HashMap<>();
        Map<List<String>, String> templates = new HashMap<>();
        for (Found found : all) {
            StudyPlan.PlannedDataset planned = found.planned();
            String reference = planned.reference();
            String same = datasets.putIfAbsent(planned.source().path(), reference);
            if (same != null && !same.equals(reference))
                findings.mistake("datasets: " + same + " and " + reference + " are the same data set; name it once.");
            String template =
                    templates.putIfAbsent(List.of(reference, planned.template().name()), planned.asked());
            if (template != null)
                findings.mistake("template: " + template + " and " + planned.asked() + " both have the name "
                        + planned.template().name() + " for the data set " + reference
                        + "; leave one out, or give its file another name.");
        }
    }

    private Optional<Found> dataset(String reference, String template) {
        Path path = datasetPath(reference).toAbsolutePath().normalize();
        Templates.Choice choice;
        try {
            checkTemplate(template);
            choice = Templates.choose(template, DatasetReader.nameOf(path));
        } catch (UserException e) {
            findings.mistake(String.valueOf(e.getMessage()));
            read(path, Optional.empty()); // mistakes in the files are reported as well
            return Optional.empty();
        }
        choice.warning().ifPresent(findings::warn);
        Dataset dataset = read(path, choice.template().evaluationSplit());
        dataset.notes().forEach(findings::warn);
        List<String> absent = dataset.absentLabels(dataset.train());
        if (!absent.isEmpty())
            findings.warn("No training row of " + dataset.name() + " has the label " + String.join(", ", absent) + ".");
        return Optional.of(new Found(
                new StudyPlan.PlannedDataset(
                        reference,
                        template,
                        new Source(grid.datasetName(reference), path, dataset.sha256(), hub.origin(path)),
                        choice.template(),
                        dataset.evaluationSplit()),
                dataset));
    }

    /** Templates with the same evaluation split share the rows. */
    private Dataset read(Path path, Optional<String> splitOfTemplate) {
        return read.computeIfAbsent(
                new Reading(path, splitOfTemplate), reading -> DatasetReader.read(path, data.split(), splitOfTemplate));
    }

    /** The file that names rows, or null. A preset that stands for a paper's numbers says when it lacks that paper's rows. */
    @Nullable Source rows() {
        if (data.rows().isEmpty()) {
            if (experiment.preset().needsThePapersRows())
                findings.warn(
                        "These are not the paper's rows: they are drawn, since no file of row ids is given (rows)."
                                + " The paper's numbers need not come out.");
            return null;
        }
        Path file = Path.of(data.rows()).toAbsolutePath().normalize();
        try {
            if (!reach.allows(file)) throw reach.refusal("rows", data.rows());
            Source source = new Source(String.valueOf(file.getFileName()), file, hashes.of(file), Optional.empty());
            RowFile.read(source);
            return source;
        } catch (IOException e) {
            findings.mistake("rows: the file " + file + " cannot be read: " + FileFailure.reason(e) + ".");
        } catch (UserException e) {
            findings.mistakesOf(e);
        }
        return null;
    }

    /** The device that every task computes on. */
    String device() {
        String asked = experiment.machine().device();
        try {
            if (asked.equals(Experiment.AUTO) && ComputeDevice.leavesGpuIdle())
                findings.warn("A graphics processor is here, but the engine's native library is the one for CPUs, which"
                        + " computes; the guide says how to change that (device).");
            return ComputeDevice.find(asked).name();
        } catch (UserException e) {
            findings.mistakesOf(e);
            return asked;
        }
    }
}
