package org.dualform.task.cell;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.dualform.prompt.PromptSet;
import org.dualform.task.parameters.PromptParameters;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.source.ModelFacts;

/** Makes a cell's token sequences. */
public final class PromptKind implements TaskKind<PromptParameters> {
    @Override
    public String name() {
        return "prompt";
    }

    @Override
    public int algorithmVersion() {
        return 3;
    }

    @Override
    public Class<PromptParameters> parameters() {
        return PromptParameters.class;
    }

    @Override
    public TaskOutcome run(TaskContext context, PromptParameters parameters) throws IOException {
        context.progress().at("prompts", 0, 1);
        PromptSet prompts;
        try (ModelFacts model = ModelFacts.read(Models.checked(parameters.model(), context.hashes()))) {
            prompts = CellPrompts.read(parameters.inputs()).assemble(parameters.seed(), parameters.order(), model);
        }
        Files.write(context.folder().resolve("prompts.json"), prompts.toJson());
        context.progress().at("prompts", 1, 1);
        return TaskOutcome.done(Map.of("prompts", "prompts.json"))
                .withMetric("demonstrations", (double) prompts.demonstrations().size())
                .withMetric("context_tokens", (double) prompts.context().length())
                .withMetric("queries", (double) prompts.queries().size())
                .with(String.join("\n", prompts.warnings()));
    }
}
