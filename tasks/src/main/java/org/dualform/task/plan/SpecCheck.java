package org.dualform.task.plan;

import java.io.IOException;
import java.util.Map;
import org.dualform.contract.TransientException;
import org.dualform.spec.Draft;
import org.dualform.task.source.HubSources;
import org.dualform.task.store.FileHashes;

/** Checks a spec as {@code plan} would, before servers or tasks are started for it. */
public final class SpecCheck {
    private SpecCheck() {}

    /**
     * Looks up everything that the spec names on this machine. No hub is asked, so {@code plan} checks the names that
     * only a hub could know. No weight is read.
     *
     * @throws org.dualform.contract.UserException naming every mistake at once
     */
    public static void check(Draft draft, Map<String, String> environment) throws IOException {
        try (HubSources.Session hub = new HubSources(environment).unasked()) {
            new Planner(draft, environment, hub, FileHashes.unread(), 1).plan();
        } catch (TransientException e) {
            // Only a hub can know the name.
            return;
        }
    }
}
