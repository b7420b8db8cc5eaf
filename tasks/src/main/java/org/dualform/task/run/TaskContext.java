package org.dualform.task.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Progress;
import org.dualform.contract.Reference;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.store.FileHashes;
import org.dualform.task.store.SpeedMemory;
import org.dualform.task.store.Workspace;
import org.dualform.task.transport.TaskFiles;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a kind while it computes, beside its parameters. It gives access only to data that the content key
 * covers.
 */
public final class TaskContext {
    private final Map<String, Reference> inputs;
    private final Workspace workspace;
    private final TaskFiles files;
    private final Workspace.@Nullable Slot slot;
    private final Progress progress;
    private final TaskEvents events;
    private final Models models;
    private final Measurements measurements;

    TaskContext(
            Map<String, Reference> inputs,
            Workspace workspace,
            TaskFiles files,
            Workspace.@Nullable Slot slot,
            Progress progress,
            TaskEvents events,
            Models models,
            Measurements measurements) {
        this.inputs = new TreeMap<>(inputs);
        this.workspace = workspace;
        this.files = files;
        this.slot = slot;
        this.progress = progress;
        this.events = events;
        this.models = models;
        this.measurements = measurements;
    }

    /** Is told what a task measures on its way: see {@link TaskTracking#measured}. */
    @FunctionalInterface
    interface Measurements {
        void at(int step, Map<String, Double> values, Map<String, Double> clocked);
    }

    /** The same context, whose measurements {@code sink} is told. */
    TaskContext telling(Measurements sink) {
        return new TaskContext(inputs, workspace, files, slot, progress, events, models, sink);
    }

    /** Returns the same context with a folder of its own to write to. */
    TaskContext in(Workspace.Slot own) {
        return new TaskContext(inputs, workspace, files, own, progress, events, models, measurements);
    }

    /** Input names, sorted. */
    public Iterable<String> inputNames() {
        return inputs.keySet();
    }

    /** A file made by an earlier task, after comparing its hash. */
    public Path input(String name) throws IOException {
        return optionalInput(name)
                .orElseThrow(() -> UserException.usage("The request lacks the input " + name + "; it has "
                        + (inputs.isEmpty() ? "none" : String.join(", ", inputs.keySet())) + "."));
    }

    /** As {@link #input}; empty if the request has no such input. */
    public Optional<Path> optionalInput(String name) throws IOException {
        Reference reference = inputs.get(name);
        return reference == null ? Optional.empty() : Optional.of(files.file(name, reference));
    }

    /** A file that the task made, or that another worker made by the same task. */
    public Path output(Result result, String name) throws IOException {
        Reference reference = result.outputs().get(name);
        if (reference == null) throw new IllegalStateException(result.kind() + " made no " + name);
        return reference.uri().startsWith(Reference.ARTIFACTS)
                ? files.file(name, reference)
                : workspace.root().resolve(reference.path());
    }

    /** Whether later tasks get this task's files from the tracking server. */
    public boolean filesTravel() {
        return files.travel();
    }

    /** The folder for outputs. Its files count once the task is done. */
    public Path folder() throws IOException {
        if (slot == null) throw new IllegalStateException("nothing is written before the key is known");
        return slot.folder();
    }

    /**
     * A folder that outlives an unfinished task, for data that a rerun continues from. The task removes it when it is
     * done.
     */
    public Path scratch(String name) throws IOException {
        return Files.createDirectories(workspace.root().resolve("scratch").resolve(name));
    }

    public Progress progress() {
        return progress;
    }

    /** Reports the address of a page of the study, as {@link TaskEvents#link} does. */
    public void link(String page, String url) {
        events.link(page, url);
    }

    /**
     * Tells the task's run what was measured on the way.
     *
     * @param step the place on the curve
     * @param values by name; equal computations give equal values
     * @param clocked what a clock measured
     */
    public void measured(int step, Map<String, Double> values, Map<String, Double> clocked) {
        measurements.at(step, values, clocked);
    }

    /** Prints a line for people. */
    public void info(String line) {
        events.info(line);
    }

    public Models models() {
        return models;
    }

    /** Remembered hashes of files. */
    public FileHashes hashes() {
        return workspace.hashes();
    }

    /** Remembered speeds of models. */
    public SpeedMemory speeds() {
        return new SpeedMemory(workspace.root().resolve(SpeedMemory.FOLDER));
    }
}
