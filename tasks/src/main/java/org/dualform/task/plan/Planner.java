package org.dualform.task.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetLocator;
import org.dualform.data.DatasetReader;
import org.dualform.infer.QueryScorer;
import org.dualform.model.ComputeDevice;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.Templates;
import org.dualform.spec.Cell;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.ModelVariant;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.file.Parameters;
import org.dualform.task.file.RowFile;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.source.ModelFolders;
import org.dualform.task.store.FileHashes;
import org.jspecify.annotations.Nullable;

/** Finds everything that an experiment names, checks that it fits together, and tells every mistake at once. */
final class Planner {
    private static final long SMALL_MODEL = 50_000_000;

    /** What decides which rows and prompts a cell has. */
    private static final String[] PROMPTS = {
        "shots", "seeds", "orders", "limit", "per_dataset", "rows", "split", "template", "description", "reserve_tokens"
    };

    private final Draft draft;
    private final Experiment experiment;
    private final Grid grid;
    private final ModelFolders models;
    private final HubSources.Session hub;
    private final DatasetLocator datasets;
    private final FileHashes hashes;
    private final int parallelTasks;
    private final long machineMemory;
    private final Mistakes mistakes;
    private final List<String> warnings = new ArrayList<>();
    private final List<CellMemory> memory = new ArrayList<>();
    private @Nullable TransientException away;

    /** On this machine, with its memory or its container's. */
    Planner(
            Draft draft,
            Map<String, String> environment,
            HubSources.Session hub,
            FileHashes hashes,
            int parallelTasks) {
        this(draft, environment, hub, hashes, parallelTasks, MachineMemory.bytes());
    }

    /**
     * @param draft may be wrong: what is right in it is checked all the same
     * @param hub where names are looked up that stand for nothing on this machine
     * @param parallelTasks how many tasks run beside each other on one machine
     * @param machineMemory bytes that this machine, or the container, has
     */
    Planner(
            Draft draft,
            Map<String, String> environment,
            HubSources.Session hub,
            FileHashes hashes,
            int parallelTasks,
            long machineMemory) {
        this.draft = draft;
        this.experiment = draft.experiment();
        this.mistakes = new Mistakes(draft.isRight() ? ExitCode.DATA : ExitCode.USAGE);
        draft.mistakes().forEach(mistakes::add);
        this.grid = Grid.of(experiment);
        this.models = ModelFolders.fromEnvironment(environment);
        this.hub = hub;
        this.datasets = DatasetLocator.fromEnvironment(
                environment, (reference, home) -> hub.dataset(reference, experiment.split(), home));
        this.hashes = hashes;
        this.parallelTasks = parallelTasks;
        this.machineMemory = machineMemory;
    }

    /**
     * @throws UserException naming every mistake at once
     * @throws TransientException if there is none, and the hub is away
     */
    StudyPlan plan() throws IOException {
        try (ModelFacts model = model()) {
            return plan(model);
        }
    }

    private StudyPlan plan(@Nullable ModelFacts model) {
        List<StudyPlan.PlannedDataset> planned = new ArrayList<>();
        List<Dataset> read = new ArrayList<>();
        if (!experiment.template().equals(Experiment.AUTO)) {
            // Also where no data set is found that would use it.
            for (String template : experiment.templates()) look(() -> Templates.choose(template, ""));
        }
        for (String reference : experiment.datasets()) {
            for (String template : experiment.templates()) look(() -> dataset(reference, template, planned, read));
        }
        if (draft.isRight("shots", "per_dataset")
                && experiment.methods().contains(Method.FT)
                && experiment.datasets().stream()
                        .allMatch(dataset -> experiment.of(dataset).maxShots() == 0)) {
            mistakes.add("shots: fine-tuning needs a count above 0 to train on, not only 0; add one, or set methods to"
                    + " icl.");
        }
        refuseWhatCannotBe();
        Parameters.Source rows = rows();
        if (experiment.selectOn().equals("reported")) {
            warnings.add(
                    "What is chosen (select_on: reported) is chosen on the rows that are reported, as in the paper:"
                            + " the numbers it touches come out too high, and are marked.");
        }
        String device = device();
        if (model == null || away != null) throw mistakesFound();
        int threads = experiment.threads().orElse(automaticThreads(model));
        StudyPlan unchecked = new StudyPlan(
                experiment,
                model.source(),
                rows,
                planned,
                threads,
                device,
                QueryScorer.CHUNK_ROWS,
                PlanCost.none(model.weightBytes(variants())),
                List.of());
        checkLayers(model);
        PlanCost cost = unchecked.cost();
        if (draft.isRight(PROMPTS)) {
            for (int i = 0; i < planned.size(); i++) cost = checkPrompts(unchecked, i, read.get(i), model, cost);
        }
        MemoryPlan fitting =
                MemoryPlan.choose(memory, cost.weightBytes(), model.sharedBytes(), budget(device), warnings, mistakes);
        mistakes.throwIfAny();
        return new StudyPlan(
                experiment,
                model.source(),
                rows,
                planned,
                threads,
                device,
                fitting.chunkRows(),
                cost.withMemory(fitting.bytes()),
                List.copyOf(warnings));
    }

    /** The machine's memory says nothing of a graphics processor's: there only a size that is given counts. */
    private MemoryBudget budget(String device) {
        return device.equals(ComputeDevice.CPU.name()) || !experiment.memory().equals(Experiment.AUTO)
                ? MemoryBudget.of(experiment.memory(), machineMemory, parallelTasks)
                : MemoryBudget.UNLIMITED;
    }

    private Set<ModelVariant> variants() {
        return experiment.arms().stream().map(arm -> Arm.of(arm).variant()).collect(Collectors.toSet());
    }

    private void refuseWhatCannotBe() {
        if (!experiment.transport().equals("shared")) {
            mistakes.add("transport: " + experiment.transport() + " is not supported yet; use shared, with a workspace"
                    + " folder that all workers see.");
        }
        if (draft.isRight("shots") && experiment.record() && experiment.maxShots() == 0) {
            mistakes.add("record: zero-shot alone has nothing to compare; add a count above 0 to shots.");
        }
    }

    private String device() {
        try {
            if (experiment.device().equals(Experiment.AUTO) && ComputeDevice.leavesGpuIdle()) {
                warnings.add("A graphics processor is here, but the engine's native library is the one for CPUs, which"
                        + " computes; the guide says how to change that (device).");
            }
            return ComputeDevice.find(experiment.device()).name();
        } catch (UserException e) {
            e.mistakes().forEach(mistakes::add);
            return experiment.device();
        }
    }

    /** The file that names rows; a preset that stands for a paper's numbers says when it lacks that paper's rows. */
    private Parameters.@Nullable Source rows() {
        if (experiment.rows().isEmpty()) {
            if (experiment.preset().startsWith("dai2022"))
                warnings.add("These are not the paper's rows: they are drawn, since no file of row ids is given (rows)."
                        + " The paper's numbers need not come out.");
            return null;
        }
        Path file = Path.of(experiment.rows()).toAbsolutePath().normalize();
        try {
            Parameters.Source source =
                    new Parameters.Source(String.valueOf(file.getFileName()), file, hashes.of(file), Optional.empty());
            RowFile.read(source);
            return source;
        } catch (IOException e) {
            mistakes.add("rows: the file " + file + " cannot be read: " + e.getMessage() + ".");
        } catch (UserException e) {
            e.mistakes().forEach(mistakes::add);
        }
        return null;
    }

    /** Keeps what is wrong; a hub that is away must not hide the mistakes. */
    private void look(Runnable check) {
        try {
            mistakes.collect(check);
        } catch (TransientException e) {
            away = e;
        }
    }

    private DualformException mistakesFound() {
        mistakes.throwIfAny();
        if (away != null) throw away;
        throw new IllegalStateException("no model and no mistake");
    }

    private @Nullable ModelFacts model() throws IOException {
        if (!draft.isRight("model")) return null;
        try {
            String reference = experiment.model();
            Optional<Path> found = models.find(reference);
            if (found.isEmpty()) found = hub.model(reference);
            Path folder = found.orElseThrow(() -> models.unknown(reference));
            // Of a model without a plan the hash is not worth its time.
            String sha256 = draft.isRight() ? ModelFolders.sha256(folder, hashes) : "";
            return ModelFacts.read(new Parameters.Source(grid.modelName(), folder, sha256, hub.origin(folder)));
        } catch (UserException e) {
            e.mistakes().forEach(mistakes::add);
        } catch (TransientException e) {
            away = e;
        }
        return null;
    }

    private void dataset(
            String reference, String template, List<StudyPlan.PlannedDataset> planned, List<Dataset> read) {
        Path path = datasets.locate(reference).toAbsolutePath().normalize();
        Templates.Choice choice;
        try {
            choice = Templates.choose(template, DatasetReader.nameOf(path));
        } catch (UserException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            DatasetReader.read(path, experiment.split(), Optional.empty()); // what is wrong in the files shows as well
            return;
        }
        choice.warning().ifPresent(warnings::add);
        Dataset dataset =
                DatasetReader.read(path, experiment.split(), choice.template().evaluationSplit());
        warnings.addAll(dataset.notes());
        List<String> absent = dataset.absentLabels(dataset.train());
        if (!absent.isEmpty()) {
            warnings.add("No training row of " + dataset.name() + " has the label " + String.join(", ", absent) + ".");
        }
        planned.add(new StudyPlan.PlannedDataset(
                reference,
                template,
                new Parameters.Source(grid.datasetName(reference), path, dataset.sha256(), hub.origin(path)),
                choice.template(),
                dataset.evaluationSplit()));
        read.add(dataset);
    }

    private void checkLayers(ModelFacts model) {
        int layers = model.architecture().sizes().layers();
        for (String arm : experiment.arms()) {
            Arm.of(arm).tuning().layer(layers).filter(layer -> layer >= layers).ifPresent(layer -> {
                mistakes.add("arms: " + arm + " names layer " + layer + "; the model has the layers 0 to "
                        + (layers - 1) + ".");
            });
        }
    }

    /** Puts every draw's prompts together, as the cells will: what does not fit shows now. */
    private PlanCost checkPrompts(StudyPlan plan, int index, Dataset dataset, ModelFacts model, PlanCost before) {
        Parameters parameters = plan.sharedParameters(index);
        PlanCost cost = before;
        for (int seed : experiment.of(plan.datasets().get(index).reference()).seeds()) {
            PromptSet prompts;
            try {
                prompts = CellPrompts.assemble(parameters, dataset, seed, 0, model.pieces(), model.positions());
            } catch (UserException e) {
                mistakes.add("Data set " + dataset.name() + ", seed " + seed + ": " + e.getMessage());
                return cost;
            }
            for (String warning : prompts.warnings()) warnings.add(dataset.name() + ", seed " + seed + ": " + warning);
            for (Cell cell : grid.cells()) {
                if (cell.seed() != seed || !plan.datasets().get(index).isOf(cell)) continue;
                PlanCost own = CellCost.of(experiment, cell, prompts, model);
                memory.add(CellMemory.of(cell.name(), Arm.of(cell.arm()), prompts, model, own));
                cost = cost.and(own);
            }
        }
        return cost;
    }

    private int automaticThreads(ModelFacts model) {
        if (model.parameters() < SMALL_MODEL) return 1;
        return Math.max(1, Runtime.getRuntime().availableProcessors() / parallelTasks);
    }
}
