package org.dualform.cli.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.output.JsonOption;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.task.stop.Cancellation;

/**
 * Measures several studies one after the other. One that cannot be measured does not keep the others from it, because they
 * may take hours and nobody may be there to start them again.
 */
final class StudySeries {
    private final GivenStudies studies;
    private final JsonOption json;
    private final Cancellation cancellation;

    StudySeries(GivenStudies studies, JsonOption json, Cancellation cancellation) {
        this.studies = studies;
        this.json = json;
        this.cancellation = cancellation;
    }

    /** Measures all, and returns how the first ended that did not end well. */
    ExitCode measure() throws IOException {
        PrintWriter people = json.people();
        ArrayNode documents = Json.mapper().createArrayNode();
        ExitCode worst = ExitCode.DONE;
        int number = 0;
        for (Map.Entry<Path, ObjectNode> study : studies.byFolder().entrySet()) {
            people.println("Study " + ++number + " of " + studies.byFolder().size() + ": " + study.getKey());
            people.flush();
            ExitCode ended = measure(study.getKey(), study.getValue(), documents.addObject(), people);
            if (worst == ExitCode.DONE) worst = ended;
            people.println();
        }
        ObjectNode document = json.document();
        document.set("studies", documents);
        json.print(document);
        return worst;
    }

    private ExitCode measure(Path folder, ObjectNode given, ObjectNode document, PrintWriter people)
            throws IOException {
        document.put("out", folder.toString());
        try {
            return new StudyRun(new OutFolder(folder), json, cancellation).measure(given, document);
        } catch (DualformException e) {
            people.println("Not measured: " + e.getMessage());
            document.put("failure", e.getMessage());
            return e.exitCode();
        }
    }
}
