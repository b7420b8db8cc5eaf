package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.prompt.Template;
import org.dualform.spec.CurveIdentity;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.Source;

/**
 * A cell as its runs present it, read from the request of any of its tasks.
 *
 * @param cell the cell's id
 * @param split the split of the evaluated rows
 * @param calibrated whether scores are calibrated on content-free inputs
 * @param curve the identity of its curves among those of the study
 */
record TrackedCell(
        String cell,
        Source model,
        Source dataset,
        Template template,
        int seed,
        String split,
        boolean calibrated,
        CurveIdentity curve) {

    static TrackedCell of(ObjectNode parameters) {
        return ParameterReader.read(TrackedCell.class, parameters);
    }

    /** The name of one of its runs, such as {@code sst2 icl flip=0.5, seed 1}. */
    String runName(String what) {
        return curve.name(what) + ", seed " + seed;
    }

    CurveRole role() {
        return curve.isMain() ? CurveRole.MAIN : CurveRole.CONTROL;
    }
}
