package org.dualform.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.task.run.Provenance;
import picocli.CommandLine.IVersionProvider;

/** Tells {@code --version} which version was built, and from which commit if the build knew it. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        ObjectNode versions = Provenance.versions();
        List<String> lines = new ArrayList<>();
        lines.add("dualform " + versions.path("dualform").asText());
        if (versions.has("commit"))
            lines.add("commit " + versions.path("commit").asText());
        return lines.toArray(String[]::new);
    }
}
