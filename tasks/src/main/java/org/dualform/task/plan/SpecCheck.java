package org.dualform.task.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.base.FileTree;
import org.dualform.contract.TransientException;
import org.dualform.spec.Draft;
import org.dualform.task.source.HubSources;
import org.dualform.task.store.FileHashes;

/** Checks a spec as {@code plan} would, before servers or tasks are started for it. */
public final class SpecCheck {
    private SpecCheck() {}

    /**
     * Looks up everything that the spec names on this machine. No hub is asked, so {@code plan} checks the names that
     * only a hub could know.
     *
     * @throws org.dualform.contract.UserException naming every mistake at once
     */
    public static void check(Draft draft, Map<String, String> environment) throws IOException {
        Path hashes = Files.createTempDirectory("dualform-hashes");
        try {
            new Planner(draft, environment, new HubSources(environment).unasked(), new FileHashes(hashes), 1).plan();
        } catch (TransientException e) {
            // Only a hub can know the name.
        } finally {
            FileTree.delete(hashes);
        }
    }
}
