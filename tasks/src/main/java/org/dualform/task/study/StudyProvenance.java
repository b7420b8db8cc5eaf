package org.dualform.task.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.dualform.contract.Json;
import org.dualform.data.RowChoice;
import org.dualform.task.file.PlanFile;
import org.dualform.task.run.Provenance;

/** The origin of a study's numbers: its model and data sets, the versions, and the machine. */
final class StudyProvenance {
    private StudyProvenance() {}

    static ObjectNode of(PlanFile plan) {
        ObjectNode provenance = Json.mapper().createObjectNode();
        provenance.set("versions", Provenance.versions());
        provenance.set("machine", Provenance.machine());
        provenance.set("model", plan.model().withoutPath());
        ArrayNode datasets = provenance.putArray("datasets");
        plan.datasets().forEach(dataset -> datasets.add(dataset.withoutPath()));
        provenance.put("rows", RowChoice.VERSION);
        provenance.put("threads", plan.threads()).put("device", plan.device()).put("chunk_rows", plan.chunkRows());
        plan.warnings().forEach(provenance.putArray("warnings")::add);
        provenance.putObject("times").put("summarised", Instant.now().toString());
        return provenance;
    }
}
