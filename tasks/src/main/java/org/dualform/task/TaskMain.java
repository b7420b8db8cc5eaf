package org.dualform.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.CancelledException;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.PathEncoding;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.progress.ProtocolEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.Provenance;
import org.dualform.task.run.Reporting;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.source.Reach;
import org.dualform.task.stop.Cancellation;
import org.dualform.task.stop.GracefulStop;
import org.dualform.task.store.Durable;
import org.dualform.task.store.MachineErrors;
import org.dualform.task.store.StorageErrors;

/** Entry point of a task: {@code dualform-task KIND --request FILE|- [--attached] --result FILE|-}. */
public final class TaskMain {
    private final Map<String, TaskKind<?>> kinds;
    private final InputStream in;
    private final PrintStream out;
    private final ProtocolEvents events;
    private final Cancellation cancellation;
    private final Runnable callerGone;

    /** @param callerGone what stops the task when the caller that it is attached to is gone */
    TaskMain(
            Map<String, TaskKind<?>> kinds,
            InputStream in,
            PrintStream out,
            Cancellation cancellation,
            Runnable callerGone) {
        this.kinds = new TreeMap<>(kinds);
        this.in = in;
        this.out = out;
        this.events = new ProtocolEvents(out, System::nanoTime);
        this.cancellation = cancellation;
        this.callerGone = callerGone;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Cancellation cancellation = new Cancellation();
        GracefulStop stop = GracefulStop.install(cancellation);
        Map<String, String> environment = Reach.ofTask(System.getenv());
        Map<String, TaskKind<?>> kinds = Kinds.all(environment, Kinds.parallelTasks(environment));
        // exit() here does what SIGTERM does: it starts the hook, which stops the computation.
        Runnable callerGone = () -> System.exit(ExitCode.TERMINATED.code());
        int code = new TaskMain(kinds, System.in, out, cancellation, callerGone).run(List.of(args));
        // A signal's exit code is the JVM's own; exit() from here would wait for the hook that waits for us.
        if (stop.finish()) System.exit(code);
    }

    /** Runs the command line and returns the exit code. It writes the result unless the task was cancelled. */
    int run(List<String> words) {
        if (words.contains("--help") || words.contains("-h")) {
            out.printf(Arguments.HELP, String.join(", ", names()));
            return ExitCode.DONE.code();
        }
        if (words.contains("--version")) {
            out.print(Json.pretty(Provenance.versions()));
            return ExitCode.DONE.code();
        }
        Arguments arguments;
        try {
            PathEncoding.ofThisProcess().check(words, System.getenv(), System.getProperty("user.dir", ""));
            arguments = Arguments.parse(words, List.copyOf(names()));
        } catch (UserException e) {
            out.println(e.getMessage());
            return e.exitCode().code();
        }
        return run(arguments);
    }

    /** The names of all kinds: those of one step, and those of several. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>(kinds.keySet());
        names.addAll(StepGroup.KINDS);
        return names;
    }

    private int run(Arguments arguments) {
        try {
            GroupResult.Ended ended = execute(arguments);
            write(arguments.result(), ended.result());
            if (!ended.result().message().isEmpty()) out.println(ended.result().message());
            return ended.code().code();
        } catch (CancelledException e) {
            out.println("Stopped on request; nothing unfinished was kept.");
            return ExitCode.TERMINATED.code();
        } catch (DualformException e) {
            return failed(arguments, e);
        } catch (RuntimeException | Error e) {
            Optional<DualformException> explained =
                    MachineErrors.explain(e, "folder of the result", folder(arguments.result()));
            if (explained.isPresent()) return failed(arguments, explained.get());
            bug(e);
            return failed(arguments, ExitCode.BUG, "A bug: " + e + ". The task's log has the stack trace.");
        }
    }

    private void bug(Throwable e) {
        out.println(MachineErrors.bug(e));
        e.printStackTrace(out);
    }

    private GroupResult.Ended execute(Arguments arguments) {
        Request request = request(arguments);
        if (!StepGroup.KINDS.contains(request.kind())) {
            try (Models models = Models.ofOneTask()) {
                return GroupResult.Ended.of(new TaskRunner(kinds, models, events, cancellation).run(request));
            }
        }
        GroupEvents ofGroup = new GroupEvents(events);
        try (Models models = Models.oneAtATime();
                Reporting reporting = new Reporting(cancellation)) {
            TaskRunner runner = new TaskRunner(kinds, models, ofGroup, cancellation, System.getenv(), reporting);
            GroupResult.Ended ended = new StepGroup(request, runner, ofGroup, this::bug).run();
            // A result says that MLflow knows it, so that a task without one is tried again.
            reporting.flush();
            return ended;
        }
    }

    private Request request(Arguments arguments) {
        JsonNode json;
        try {
            json = Json.mapper().readTree(bytes(arguments));
        } catch (JsonProcessingException e) {
            throw UserException.usage("The request " + arguments.request() + " is not JSON: " + e.getOriginalMessage()
                    + " (line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ").");
        } catch (IOException e) {
            throw UserException.usage("The request " + arguments.request() + " could not be read: " + e + ".");
        }
        Request request = Request.parse(json);
        if (!request.kind().equals(arguments.kind())) {
            throw UserException.usage("The command line says " + arguments.kind() + ", the request " + request.kind()
                    + "; they must be the same.");
        }
        return request;
    }

    private byte[] bytes(Arguments arguments) throws IOException {
        if (arguments.attached()) return AttachedInput.request(in, callerGone);
        boolean stream = arguments.request().equals(Arguments.STREAM);
        return stream ? in.readAllBytes() : Files.readAllBytes(Path.of(arguments.request()));
    }

    private int failed(Arguments arguments, DualformException e) {
        out.println(e.getMessage());
        return failed(arguments, e.exitCode(), String.valueOf(e.getMessage()));
    }

    private int failed(Arguments arguments, ExitCode code, String message) {
        try {
            write(arguments.result(), TaskRunner.empty(arguments.kind(), Result.Status.FAILED, message));
        } catch (DualformException e) {
            out.println(e.getMessage());
        }
        return code.code();
    }

    private void write(String file, Result result) {
        String text = Json.pretty(result.toJson());
        if (file.equals(Arguments.STREAM)) {
            events.result(text);
            return;
        }
        try {
            Durable.write(Path.of(file), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StorageErrors.explain(e, "folder of the result", folder(file));
        }
    }

    private static Path folder(String file) {
        Path absolute = Path.of(file).toAbsolutePath().normalize();
        return absolute.getParent() == null ? absolute : absolute.getParent();
    }
}
