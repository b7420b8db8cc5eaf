package org.dualform.task.plan;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.infer.QueryScorer;
import org.dualform.model.ComputeDevice;
import org.dualform.model.ComputeThreads;
import org.dualform.model.chat.ChatTemplate;
import org.dualform.prompt.ChatUse;
import org.dualform.spec.Draft;
import org.dualform.spec.Experiment;
import org.dualform.spec.Grid;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.choice.Chat;
import org.dualform.spec.choice.ChatDemonstrations;
import org.dualform.spec.choice.LearningRate;
import org.dualform.spec.choice.SelectOn;
import org.dualform.spec.choice.Transport;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.parameters.SelectParameters;
import org.dualform.task.parameters.Source;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.store.FileHashes;
import org.dualform.task.transport.TaskFiles;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of an experiment. It finds everything that the experiment names, checks that it fits together, adds up
 * the costs, and reports every mistake at once.
 */
final class Planner {
    private static final long SMALL_MODEL = 50_000_000;

    /** The parameters that decide which rows and prompts a cell has. */
    private static final String[] PROMPTS = {
        "shots",
        "seeds",
        "orders",
        "limit",
        "per_dataset",
        "rows",
        "split",
        "template",
        "description",
        "chat",
        "chat_demonstrations",
        "reserve_tokens"
    };

    private static final int MOST_CELLS = 10_000;

    private final Draft draft;
    private final Experiment experiment;
    private final Findings findings;
    private final SourceLookup sources;
    private final int parallelTasks;
    private final long machineMemory;
    private boolean filesTravel = true;

    /** Plans for this machine, with its memory or its container's. */
    Planner(
            Draft draft,
            Map<String, String> environment,
            HubSources.Session hub,
            FileHashes hashes,
            int parallelTasks) {
        this(draft, environment, hub, hashes, parallelTasks, MachineMemory.bytes());
    }

    /**
     * @param draft the experiment, possibly with mistakes; its correct parts are checked all the same
     * @param environment the environment variables, which name the roots of models and data sets
     * @param hub looks up names that are unknown on this machine
     * @param parallelTasks the number of tasks that run at the same time on one machine
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
        this.findings = new Findings(draft);
        this.sources = new SourceLookup(draft, environment, hub, hashes, findings);
        this.parallelTasks = parallelTasks;
        this.machineMemory = machineMemory;
    }

    /** Whether tasks get each other's files from a tracking server. By default there is one, as in a check. */
    Planner whereFilesTravel(boolean travel) {
        this.filesTravel = travel;
        return this;
    }

    /**
     * @throws UserException naming every mistake at once
     * @throws TransientException if there is no mistake and the hub cannot be reached
     */
    StudyPlan plan() throws IOException {
        try (ModelFacts model = sources.model().orElse(null)) {
            return plan(model);
        }
    }

    private StudyPlan plan(@Nullable ModelFacts model) throws IOException {
        List<SourceLookup.Found> datasets = sources.datasets();
        checkShots();
        if (experiment.machine().transport() == Transport.MLFLOW && !filesTravel) findings.mistake(TaskFiles.NO_SERVER);
        Source rows = sources.rows();
        if (experiment.methods().selectOn() == SelectOn.REPORTED)
            findings.warn(
                    "What is chosen (select_on: reported) is chosen on the rows that are reported, as in the paper:"
                            + " the numbers it touches come out too high, and are marked.");
        if (experiment.methods().selectOn() == SelectOn.NONE) findings.warn(nothingIsChosen());
        String device = sources.device();
        checkSizes(device);
        if (model == null || findings.isHubAway()) throw findings.reason();
        checkLayers(model);
        Optional<ChatUse> chat = chat(model);
        StudyPlan plan = new StudyPlan(
                experiment,
                model.source(),
                rows,
                datasets.stream()
                        .map(found -> chat.map(found.planned()::inChat).orElse(found.planned()))
                        .toList(),
                experiment.machine().threads().orElse(automaticThreads(model)),
                device,
                QueryScorer.CHUNK_ROWS,
                PlanCost.none(0),
                1,
                Map.of(),
                List.of());
        PromptCosts costs = new PromptCosts(experiment, model, findings);
        boolean worded = experiment.data().chat() == Chat.OFF || chat.isPresent();
        if (draft.isRight(PROMPTS) && worded) {
            for (int i = 0; i < datasets.size(); i++) {
                CellPrompts prompts =
                        CellPrompts.of(plan.promptInputs(i), datasets.get(i).rows());
                boolean fits = costs.add(plan.datasets().get(i), prompts);
                if (fits) for (SelectParameters selection : plan.selections(i)) costs.add(selection, prompts);
            }
        }
        MemoryPlan memory = MemoryPlan.choose(
                costs.memory(),
                costs.total().weightBytes(),
                model.sharedBytes(),
                budget(device),
                findings.warnings(),
                findings.mistakes());
        findings.mistakes().throwIfAny();
        return plan.with(
                memory.chunkRows(),
                costs.total().withMemory(memory.bytes()),
                costs.rowTokens(),
                costs.tokens(),
                findings.warnings());
    }

    /** The form of the conversations, if prompts are some and the model has a template for them. */
    private Optional<ChatUse> chat(ModelFacts model) throws IOException {
        if (experiment.data().chat() == Chat.OFF) return Optional.empty();
        ChatDemonstrations form = experiment.data().chatDemonstrations();
        if (form == ChatDemonstrations.MESSAGE && experiment.recording().record())
            findings.mistake("record: demonstrations in one message are trained on as turns of their own, so their"
                    + " tokens cannot be compared one by one. Set chat_demonstrations to turns, or leave record off.");
        return findings.find(
                () -> new ChatUse(form, ChatTemplate.of(model.source().path()).sha256()));
    }

    /** What stands in for choices where no rows may be used for them. */
    private String nothingIsChosen() {
        boolean rate = experiment.methods().asks(Method.FT)
                && experiment.data().datasets().stream()
                        .anyMatch(dataset -> experiment
                                .of(dataset)
                                .methods()
                                .learningRate()
                                .given()
                                .isEmpty());
        return "Nothing is chosen (select_on: none): "
                + (rate ? "fine-tuning uses the learning rate " + LearningRate.UNCHOSEN + ", and " : "")
                + "each answer is about the largest shot count.";
    }

    /** Fine-tuning and records need demonstrations. */
    private void checkShots() {
        if (draft.isRight("shots", "per_dataset")
                && experiment.methods().asks(Method.FT)
                && experiment.data().datasets().stream()
                        .allMatch(dataset -> experiment.of(dataset).data().maxShots() == 0))
            findings.mistake("shots: fine-tuning needs a count above 0 to train on, not only 0; add one, or set methods"
                    + " to icl.");
        if (draft.isRight("shots")
                && experiment.recording().record()
                && experiment.data().maxShots() == 0)
            findings.mistake("record: zero-shot alone has nothing to compare; add a count above 0 to shots.");
    }

    /** What would take down the machine, or never end. */
    private void checkSizes(String device) {
        int threads = experiment.machine().threads().orElse(1);
        if (threads > ComputeThreads.most()) findings.mistake("threads: " + ComputeThreads.rule(threads));
        String memory = experiment.machine().memory();
        if (device.equals(ComputeDevice.CPU.name())
                && !memory.equals(Experiment.AUTO)
                && MemoryBudget.of(memory, machineMemory, parallelTasks).bytes() > machineMemory)
            findings.mistake("memory: has to be at most " + PlanCost.bytes(machineMemory)
                    + ", which this machine or container has, or auto, not " + memory + ".");
        long cells = Grid.of(experiment).size();
        if (cells <= MOST_CELLS) return;
        findings.mistake(
                "The experiment has " + cells + " cells (data sets x seeds x orders x templates, and controls);"
                        + " at most " + MOST_CELLS + " are planned at a time. Name fewer of them.");
        findings.mistakes().throwIfAny();
    }

    private void checkLayers(ModelFacts model) {
        int layers = model.architecture().sizes().layers();
        for (Arm arm : experiment.methods().arms()) {
            Optional<Integer> layer = arm.tuning().layer(layers);
            if (layer.isPresent() && layer.get() >= layers)
                findings.mistake("arms: " + arm.name() + " names layer " + layer.get()
                        + "; the model has the layers 0 to " + (layers - 1) + ".");
        }
    }

    /**
     * The memory budget of a device. The machine's memory says nothing about a graphics processor's, so there only a
     * given size counts.
     */
    private MemoryBudget budget(String device) {
        String asked = experiment.machine().memory();
        return device.equals(ComputeDevice.CPU.name()) || !asked.equals(Experiment.AUTO)
                ? MemoryBudget.of(asked, machineMemory, parallelTasks)
                : MemoryBudget.UNLIMITED;
    }

    private int automaticThreads(ModelFacts model) {
        if (model.parameters() < SMALL_MODEL) return 1;
        return Math.max(1, Runtime.getRuntime().availableProcessors() / parallelTasks);
    }
}
