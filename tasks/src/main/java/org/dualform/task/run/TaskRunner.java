package org.dualform.task.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.progress.ProgressMeter;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.source.WorkerSources;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.store.MachineErrors;
import org.dualform.task.store.StorageErrors;
import org.dualform.task.store.Workspace;
import org.dualform.task.transport.TaskFiles;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task: finds its content key, uses a finished result of that key or computes one, and keeps it. Both a task's
 * own process and {@code dualform run} use this class, so equal requests give equal bytes in both.
 */
public final class TaskRunner implements TaskExecutor {
    /** The parameter of every item that says whether a finished result is computed again. It is part of no key. */
    private static final String FRESH = "fresh";

    private final Map<String, TaskKind<?>> kinds;
    private final Models models;
    private final TaskEvents events;
    private final Cancellation cancellation;
    private final Map<String, String> environment;
    private final WorkerSources sources;
    private final @Nullable Reporting reporting;
    private final Clock clock = Clock.systemUTC();

    /** A runner with the environment of this process. */
    public TaskRunner(Map<String, TaskKind<?>> kinds, Models models, TaskEvents events, Cancellation cancellation) {
        this(kinds, models, events, cancellation, System.getenv());
    }

    /** @param environment where secrets, roots of models and data sets, and limits are looked up */
    public TaskRunner(
            Map<String, TaskKind<?>> kinds,
            Models models,
            TaskEvents events,
            Cancellation cancellation,
            Map<String, String> environment) {
        this(kinds, models, events, cancellation, environment, null);
    }

    /**
     * A runner of the steps of one task.
     *
     * @param reporting tells MLflow in the background what the steps found; null if each step tells it itself
     */
    public TaskRunner(
            Map<String, TaskKind<?>> kinds,
            Models models,
            TaskEvents events,
            Cancellation cancellation,
            Map<String, String> environment,
            @Nullable Reporting reporting) {
        this.reporting = reporting;
        this.kinds = Map.copyOf(kinds);
        this.models = models;
        this.events = events;
        this.cancellation = cancellation;
        this.environment = Map.copyOf(environment);
        this.sources = new WorkerSources(environment);
    }

    /**
     * Runs the task. One that does not finish leaves nothing behind.
     *
     * @throws org.dualform.contract.DualformException for foreseen failures: the user's mistakes, a full disk, …
     * @throws org.dualform.contract.CancelledException if it was asked to stop
     */
    @Override
    public Result run(Request request) {
        Path root = Path.of(request.workspace());
        if (!root.isAbsolute()) {
            throw UserException.usage("workspace must be an absolute path (value: " + request.workspace() + ").");
        }
        try (Workspace workspace = Workspace.open(root, environment)) {
            return run(request, workspace);
        } catch (IOException e) {
            throw StorageErrors.explain(e, root);
        } catch (RuntimeException | Error e) {
            Optional<DualformException> explained = MachineErrors.explain(e, "workspace", root);
            if (explained.isPresent()) throw explained.get();
            throw e;
        }
    }

    /** Reads a file. */
    @FunctionalInterface
    public interface InputReader<T> {
        T read(Path file) throws IOException;
    }

    /**
     * Reads one input of a task that runs several steps itself, from wherever the file is.
     *
     * @throws DualformException if the request has no such input, or if the file is gone or has changed
     */
    public <T> T read(Request request, String name, InputReader<T> reader) {
        Reference input = request.inputs().get(name);
        if (input == null) throw UserException.usage("The request lacks the input " + name + ".");
        Path root = Path.of(request.workspace());
        Optional<StudyTracking> study = StudyTracking.open(request, environment, reporting);
        try (Workspace workspace = Workspace.open(root, environment)) {
            Mlflow mlflow = study.map(open -> open.tracker().mlflow()).orElse(null);
            return reader.read(new TaskFiles(request, workspace, mlflow, cancellation, events::info).file(name, input));
        } catch (IOException e) {
            throw StorageErrors.explain(e, root);
        } finally {
            study.ifPresent(StudyTracking::close);
        }
    }

    private Result run(Request request, Workspace workspace) throws IOException {
        TaskKind<?> kind = kinds.get(request.kind());
        if (kind == null) throw new IllegalStateException("no class for kind " + request.kind());
        return run(kind, request, workspace);
    }

    private <P extends Record> Result run(TaskKind<P> kind, Request request, Workspace workspace) throws IOException {
        P parameters = ParameterReader.read(kind.parameters(), request.parameters());
        Optional<String> skip = kind.skip(parameters);
        if (skip.isPresent()) return empty(kind.name(), Result.Status.SKIPPED, skip.get());
        Optional<StudyTracking> study = StudyTracking.open(request, environment, reporting);
        if (study.isEmpty()) {
            TaskFiles files = new TaskFiles(request, workspace, null, cancellation, events::info);
            TaskContext context = context(request, workspace, files);
            return result(kind, parameters, request, workspace, context, files, Optional.empty());
        }
        try (StudyTracking open = study.get()) {
            TaskFiles files = new TaskFiles(request, workspace, open.tracker().mlflow(), cancellation, events::info);
            TaskContext context = context(request, workspace, files);
            QuietTracking tracking = new QuietTracking(kind.tracking(open, request.parameters()), events);
            return tracked(
                    tracking,
                    context,
                    files,
                    () -> result(
                            kind,
                            parameters,
                            request,
                            workspace,
                            context.telling(tracking::measured),
                            files,
                            tracking.link()));
        }
    }

    private TaskContext context(Request request, Workspace workspace, TaskFiles files) {
        ProgressMeter progress = new ProgressMeter(events, cancellation, System::nanoTime);
        return new TaskContext(
                request.inputs(), workspace, files, null, progress, events, models, (step, values, clocked) -> {});
    }

    /** The step that is tracked: it finds the finished result or computes one. */
    private interface Step {
        Result take() throws IOException;
    }

    /** The result is sent last: only then is the run known to which a plan sends it. */
    private Result tracked(QuietTracking tracking, TaskContext context, TaskFiles files, Step result)
            throws IOException {
        Runnable killed = tracking::killed;
        cancellation.ifAbandoned(killed);
        try {
            tracking.begin(context);
            return files.send(tracking.done(context, result.take()));
        } catch (CancelledException e) {
            tracking.killed();
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            tracking.failed(String.valueOf(e.getMessage()));
            throw e;
        } finally {
            cancellation.settled(killed);
            tracking.close();
        }
    }

    /**
     * Finds the finished result, or computes it.
     *
     * @param run the run that the task writes or links to, as far as it is known
     */
    private <P extends Record> Result result(
            TaskKind<P> kind,
            P parameters,
            Request request,
            Workspace workspace,
            TaskContext context,
            TaskFiles files,
            Optional<Result.Run> run)
            throws IOException {
        TaskKind.Prepared prepared = kind.prepare(context, parameters);
        files.check();
        ObjectNode visible = ContentKey.visible(kind, request.parameters());
        String key = ContentKey.of(kind, visible, request.inputs(), prepared.content());
        boolean fresh = request.fresh() || request.parameters().path(FRESH).asBoolean();
        if (!fresh) {
            Optional<Result> before = workspace.finished(kind.name(), key);
            if (before.isEmpty()) before = files.sent(kind.name(), key, run);
            if (before.isPresent()) return hit(before.get());
        }
        return compute(kind, computation(kind, prepared, visible, context), key, fresh, workspace, context);
    }

    /** The computation, with models and data sets where this worker has them. */
    private <P extends Record> TaskKind.Computation computation(
            TaskKind<P> kind, TaskKind.Prepared prepared, ObjectNode visible, TaskContext context) throws IOException {
        ObjectNode local = sources.local(visible, context.progress(), events::info);
        if (local.equals(visible)) return prepared.computation();
        return kind.prepare(context, ParameterReader.read(kind.parameters(), local))
                .computation();
    }

    private Result compute(
            TaskKind<?> kind,
            TaskKind.Computation computation,
            String key,
            boolean fresh,
            Workspace workspace,
            TaskContext context)
            throws IOException {
        try (Workspace.Slot slot = workspace.hold(kind.name(), key, cancellation, events::info)) {
            if (!fresh) {
                Optional<Result> other = workspace.finished(kind.name(), key);
                if (other.isPresent()) return hit(other.get());
            }
            Instant started = clock.instant();
            TaskOutcome outcome = computation.run(context.in(slot));
            cancellation.check();
            Result result = new Result(
                    Request.SCHEMA,
                    kind.name(),
                    outcome.status(),
                    false,
                    null,
                    slot.commit(outcome.outputs()),
                    outcome.expand(),
                    outcome.metrics(),
                    Provenance.of(kind, key, started, clock.instant()),
                    outcome.message());
            slot.finish(result);
            return result;
        }
    }

    private Result hit(Result before) {
        events.info(before.kind() + ": finished before, nothing to compute (key "
                + before.provenance().path("key").asText() + ").");
        return new Result(
                before.schema(),
                before.kind(),
                before.status(),
                true,
                null,
                before.outputs(),
                before.expand(),
                before.metrics(),
                before.provenance(),
                before.message());
    }

    /** A result without outputs, for a task that was skipped or that failed. */
    public static Result empty(String kind, Result.Status status, String message) {
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        provenance.set("versions", Provenance.versions());
        return new Result(
                Request.SCHEMA, kind, status, false, null, Map.of(), null, new TreeMap<>(), provenance, message);
    }
}
