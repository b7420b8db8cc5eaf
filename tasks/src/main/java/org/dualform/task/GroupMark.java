package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.task.store.Durable;

/**
 * Remembers in the workspace that a task of several steps has finished. When someone clears a finished task, all of it is
 * computed anew. When a task is cleared that had failed or was killed, it goes on after the steps that are finished.
 *
 * @param file the mark; it is empty
 */
record GroupMark(Path file) {
    /** The mark of the task instance that asked. */
    static GroupMark of(Request request) {
        ObjectNode task = Json.mapper().createObjectNode().put("kind", request.kind());
        Request.Identity identity = request.identity();
        if (identity != null)
            task.put("dag", identity.dagId())
                    .put("run", identity.runId())
                    .put("task", identity.taskId())
                    .put("index", identity.mapIndex());
        return new GroupMark(Path.of(request.workspace()).resolve("groups").resolve(Sha256.hex(Json.canonical(task))));
    }

    /** Removes the mark, and returns whether it was there. */
    boolean remove() throws IOException {
        return Files.deleteIfExists(file);
    }

    /** Sets the mark. */
    void set() throws IOException {
        Durable.write(file, new byte[0]);
    }
}
