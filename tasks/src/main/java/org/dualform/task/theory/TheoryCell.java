package org.dualform.task.theory;

import org.dualform.contract.Result;
import org.dualform.task.file.PlanFile;
import org.dualform.task.parameters.ModelUse;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.PromptParameters;
import org.dualform.task.parameters.SelectParameters;

/**
 * The cell of a plan that is measured, and the selection that it belongs to.
 *
 * @param prompt its prompts
 * @param select how its learning rate is chosen
 */
record TheoryCell(PromptParameters prompt, SelectParameters select) {
    static TheoryCell of(Result.Item cell, PlanFile plan) {
        Integer index = cell.uses() == null ? null : cell.uses().get("select");
        Result.Item selection = plan.select().get(index == null ? 0 : index);
        return new TheoryCell(
                ParameterReader.read(PromptParameters.class, cell.parameters()),
                ParameterReader.read(SelectParameters.class, selection.parameters()));
    }

    ModelUse use() {
        return select.use();
    }
}
