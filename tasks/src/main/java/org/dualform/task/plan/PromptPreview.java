package org.dualform.task.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.base.Counted;
import org.dualform.base.FileTree;
import org.dualform.contract.Progress;
import org.dualform.contract.Result;
import org.dualform.model.part.Architecture;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.spec.Draft;
import org.dualform.task.cell.CellPrompts;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.parameters.PromptInputs;
import org.dualform.task.parameters.PromptParameters;
import org.dualform.task.source.HubSources;
import org.dualform.task.source.ModelFacts;
import org.dualform.task.store.FileHashes;

/** A prompt of every data set and template of an experiment, for people: piece by piece, token by token. */
public final class PromptPreview {
    private final PromptSet prompts;
    private final TextTokenizer tokenizer;
    private final StringBuilder out = new StringBuilder();

    private PromptPreview(PromptSet prompts, TextTokenizer tokenizer) {
        this.prompts = prompts;
        this.tokenizer = tokenizer;
    }

    /**
     * The first cell of each data set and template, with its first query.
     *
     * @throws org.dualform.contract.UserException naming every mistake of the experiment
     */
    public static String of(Draft draft, Map<String, String> environment) throws IOException {
        Path hashes = Files.createTempDirectory("dualform-hashes");
        try {
            StudyPlan plan;
            try (HubSources.Session hub = new HubSources(environment).session(Progress.none(), line -> {})) {
                plan = new Planner(draft, environment, hub, new FileHashes(hashes), 1).plan();
            }
            Map<String, Result.Item> first = new LinkedHashMap<>();
            for (Result.Item item : plan.expand().getOrDefault("cells", List.of())) {
                PromptInputs inputs = parameters(item).inputs();
                first.putIfAbsent(
                        inputs.dataset().name() + " " + inputs.template().name(), item);
            }
            StringBuilder all = new StringBuilder();
            for (Result.Item item : first.values()) {
                if (!all.isEmpty()) all.append('\n');
                all.append(of(item));
            }
            return all.toString();
        } finally {
            FileTree.delete(hashes);
        }
    }

    private static PromptParameters parameters(Result.Item item) {
        return ParameterReader.read(PromptParameters.class, item.parameters());
    }

    private static String of(Result.Item item) {
        PromptParameters parameters = parameters(item);
        try (ModelFacts facts = ModelFacts.read(parameters.model())) {
            PromptSet prompts =
                    CellPrompts.read(parameters.inputs()).assemble(parameters.seed(), parameters.order(), facts);
            return new PromptPreview(prompts, facts.tokenizer()).text(item.name());
        }
    }

    private String positions() {
        return prompts.positions() == Architecture.Sizes.UNLIMITED
                ? "any number of"
                : String.valueOf(prompts.positions());
    }

    private String text(String cell) {
        PromptSet.TemplateUse template = prompts.template();
        out.append(cell)
                .append(" · template ")
                .append(template.name())
                .append(" version ")
                .append(template.version());
        out.append('\n').append("Limits: ").append(positions()).append(" positions, ");
        out.append(prompts.reserveTokens()).append(" reserved, ").append(prompts.maxQueryTokens());
        out.append(" for BOS, the longest query and the longest label.\n");
        for (PromptSet.ShotCount count : prompts.shots()) {
            out.append("Asked for ")
                    .append(Counted.of(count.requested(), "demonstration"))
                    .append(": ");
            out.append(count.trueShots())
                    .append(count.trueShots() == 1 ? " fits, " : " fit, ")
                    .append(Counted.of(count.contextTokens(), "token"))
                    .append(".\n");
        }
        out.append("Tokens are told apart by │.\n\n");
        TokenIds context = prompts.context();
        piece("opening", slice(context, 0, prompts.boundaries().get(0)));
        for (int i = 0; i < prompts.demonstrations().size(); i++) demonstration(i, context);
        if (!prompts.queries().isEmpty()) {
            PromptSet.Query query = prompts.queries().get(0);
            piece("query " + query.row(), query.ids());
            line("right label: " + prompts.labels().get(query.gold()).name());
        }
        prompts.labels().forEach(label -> piece("label " + label.name(), label.ids()));
        return out.toString();
    }

    private void demonstration(int i, TokenIds context) {
        PromptSet.Demonstration demonstration = prompts.demonstrations().get(i);
        PromptSet.Label label = prompts.labels().get(demonstration.label());
        int first = prompts.firstColumn(i);
        int end = prompts.endColumn(i);
        int labelStart = end - label.ids().length();
        String name = "demonstration " + (i + 1) + ", " + demonstration.row();
        // In one message of a chat, a demonstration's label word is not the one that answers.
        boolean same = labelStart >= first && slice(context, labelStart, end).equals(label.ids());
        piece(name + (same ? "" : ", with its label " + label.name()), slice(context, first, same ? labelStart : end));
        if (same) piece("  its label " + label.name(), label.ids());
        piece("  its end", slice(context, end, prompts.boundaries().get(i + 1)));
    }

    private void piece(String name, TokenIds ids) {
        out.append(name).append(" (").append(ids.length()).append(")\n");
        line(Arrays.stream(ids.toArray())
                .mapToObj(id -> printable(tokenizer.decode(id)))
                .collect(Collectors.joining("│")));
        line(Arrays.toString(ids.toArray()));
    }

    private void line(String text) {
        out.append("    ").append(text).append('\n');
    }

    private static TokenIds slice(TokenIds ids, int from, int to) {
        return TokenIds.of(Arrays.copyOfRange(ids.toArray(), from, to));
    }

    /** Escapes control characters, so that none reaches the terminal. */
    private static String printable(String text) {
        return text.replace("\n", "↵").replaceAll("\\p{Cntrl}", "?");
    }
}
