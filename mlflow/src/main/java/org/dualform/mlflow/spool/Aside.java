package org.dualform.mlflow.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.mlflow.live.Operation;
import org.dualform.mlflow.value.RunSpec;

/**
 * What the server will never take: one folder for each item, with {@code reason.txt}, the run ({@code run.json}), the
 * operation ({@code operation.json}) and the file that it names. An item that is set aside again replaces itself.
 */
public final class Aside {
    private static final int NAME_DIGITS = 32;

    private final Path root;

    Aside(Path root) {
        this.root = root;
    }

    /** The folder with all that was set aside. */
    public Path root() {
        return root;
    }

    /**
     * Sets an item aside.
     *
     * @param server the address of the server that refused it
     * @return the folder
     */
    public Path put(String server, RunSpec run, Operation item, String reason) throws IOException {
        String header = Json.mapper().writeValueAsString(new SpoolLog.Header(Spool.VERSION, server, run, 0));
        Operation kept = item instanceof Operation.PutFile put
                ? new Operation.PutFile(put.path(), Path.of(fileName(put)), put.table())
                : item;
        String line = SpoolLog.line(kept);
        Path folder = put(name(run, line), header, line, reason);
        if (item instanceof Operation.PutFile file) {
            keepFile(file, folder.resolve(fileName(file)));
        }
        return folder;
    }

    /** The name of the artifact, and not of the file, which may be another one at each try. */
    private static String fileName(Operation.PutFile put) {
        String path = put.path();
        return "file-" + path.substring(path.lastIndexOf('/') + 1).replaceAll("[^\\w.-]", "_");
    }

    /** Sets aside a line of a session that cannot be applied at all, or cannot even be read. */
    Path put(SpoolSession session, String header, int index, String line, String reason) throws IOException {
        Path folder = put(session.folder().getFileName() + "-" + String.format("%05d", index), header, line, reason);
        try {
            if (session.log().operation(line) instanceof Operation.PutFile file) {
                keepFile(file, folder.resolve(file.file().getFileName()));
            }
        } catch (JsonProcessingException e) {
            // Not readable as an operation: the line itself is kept.
        }
        return folder;
    }

    /** The same for each try of a task, whose tags differ. */
    private static String name(RunSpec run, String line) {
        String item = run.experiment() + "\n" + run.key().value() + "\n" + line;
        return Sha256.hex(item).substring(0, NAME_DIGITS);
    }

    private Path put(String name, String header, String line, String reason) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name));
        Files.writeString(folder.resolve("reason.txt"), reason + "\n");
        Files.writeString(folder.resolve("run.json"), header + "\n");
        Files.writeString(folder.resolve("operation.json"), line + "\n");
        return folder;
    }

    private static void keepFile(Operation.PutFile file, Path kept) throws IOException {
        if (Files.isReadable(file.file())) {
            KeptFile.keep(file.file(), kept);
        }
    }
}
