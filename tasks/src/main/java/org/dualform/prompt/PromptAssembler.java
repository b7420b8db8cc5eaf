package org.dualform.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.dualform.base.Counted;
import org.dualform.contract.UserException;
import org.dualform.data.Dataset;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;

/**
 * Makes the token sequences of a cell, exactly as the code of Dai et al. 2022 (arXiv:2212.10559) does, with one context
 * that serves all shot counts.
 */
public final class PromptAssembler {
    private static final int NAMED_ROWS = 5;
    private final Wording wording;
    private final Template template;
    private final boolean withDescription;
    private final List<PromptSet.Label> labels;
    /** BOS and the description, if there is one: the context without demonstrations. */
    private final TokenIds opening;

    /**
     * Assembles plain text.
     *
     * @param labels the labels' names by index
     * @param withDescription whether every context begins with the template's task description
     * @throws UserException if a label has no word, two words have equal ids, or there is no description
     */
    public PromptAssembler(PieceEncoder encoder, Template template, List<String> labels, boolean withDescription) {
        this(
                new PlainWording(encoder, template.descriptionIf(withDescription), template.wordsOf(labels)),
                template,
                labels,
                withDescription);
    }

    /** As above, in any wording of the template's description and label words. */
    public PromptAssembler(Wording wording, Template template, List<String> labels, boolean withDescription) {
        this.wording = wording;
        this.template = template;
        this.withDescription = withDescription;
        this.labels = labels(labels);
        this.opening = wording.opening();
    }

    /**
     * Assembles a cell's prompts.
     *
     * @param demonstrations the drawn rows in order 0, as many as the largest shot count
     * @param order how those that fit are rearranged; see {@link RowChoice#order}
     * @param queries the rows to evaluate
     * @param shots the requested numbers of demonstrations
     * @param positions the length of the model's context
     * @param reserveTokens positions that are kept free beyond the longest query
     * @throws UserException if a query does not fit, or if no demonstration fits although some were asked for
     */
    public PromptSet assemble(
            List<LabelledRow> demonstrations,
            int order,
            List<LabelledRow> queries,
            List<Integer> shots,
            int positions,
            int reserveTokens) {
        return assemble(demonstrations, LabelledRow::label, order, queries, shots, positions, reserveTokens);
    }

    /** As above, where each demonstration shows the label that {@code shown} gives for its row. */
    public PromptSet assemble(
            List<LabelledRow> demonstrations,
            ToIntFunction<LabelledRow> shown,
            int order,
            List<LabelledRow> queries,
            List<Integer> shots,
            int positions,
            int reserveTokens) {
        Dataset.requireFields(template.fields(), demonstrations, "The template " + template.name());
        Dataset.requireFields(template.fields(), queries, "The template " + template.name());
        List<PromptSet.Query> encoded = queries.stream().map(this::query).toList();
        Room room = new Room(positions - reserveTokens, longest(encoded));
        requireQueriesFit(encoded, room);
        TreeSet<Integer> requested = new TreeSet<>(shots);
        List<Encoded> fitting = fitting(demonstrations, shown, requested.last(), room);
        List<Encoded> ordered = RowChoice.order(order, fitting.size()).stream()
                .map(fitting::get)
                .toList();

        TokenIds context = opening;
        List<Integer> boundaries = new ArrayList<>(List.of(context.length()));
        for (Encoded demonstration : ordered) {
            context = context.then(demonstration.shown.context());
            boundaries.add(context.length());
        }
        List<PromptSet.ShotCount> counts = requested.stream()
                .map(k -> count(k, Math.min(k, ordered.size()), boundaries))
                .toList();
        wording.prove(
                ordered.stream()
                        .map(d -> new Wording.Example(d.row.place(), d.text, d.label, d.shown))
                        .toList(),
                counts.stream().map(PromptSet.ShotCount::trueShots).distinct().toList(),
                provable(queries, encoded));
        return new PromptSet(
                new PromptSet.TemplateUse(template.name(), template.version(), template.sha256(), withDescription),
                opening.at(0),
                wording.eos(),
                positions,
                reserveTokens,
                room.maxQueryTokens,
                labels,
                context,
                boundaries,
                counts,
                ordered.stream().map(this::demonstration).toList(),
                encoded,
                contentFree(room.positions - context.length()),
                warnings(requested.last(), demonstrations.size(), ordered));
    }

    private static List<Wording.Query> provable(List<LabelledRow> rows, List<PromptSet.Query> encoded) {
        List<Wording.Query> queries = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++)
            queries.add(new Wording.Query(
                    rows.get(i).place(), encoded.get(i).text(), encoded.get(i).ids()));
        return queries;
    }

    /** A row whose input and shown label are encoded. */
    private record Encoded(LabelledRow row, int label, String text, Wording.Shown shown) {}

    /**
     * The room that the model's positions leave.
     *
     * @param maxQueryTokens the number of tokens of BOS, the longest query and the longest label
     */
    private record Room(int positions, int maxQueryTokens) {
        /** Whether another demonstration fits: the rule of Dai et al. 2022, strict as in their code. */
        boolean fits(int contextTokens, int demonstrationTokens) {
            return contextTokens + demonstrationTokens + maxQueryTokens < positions;
        }
    }

    /** The demonstrations that fit, in order, up to the first that does not. */
    private List<Encoded> fitting(
            List<LabelledRow> demonstrations, ToIntFunction<LabelledRow> shown, int wanted, Room room) {
        List<Encoded> fitting = new ArrayList<>();
        int tokens = opening.length();
        for (LabelledRow row : demonstrations.subList(0, Math.min(wanted, demonstrations.size()))) {
            String text = template.input(row);
            int label = shown.applyAsInt(row);
            Wording.Shown shownTokens = wording.demonstration(text, label);
            int length = shownTokens.context().length();
            if (!room.fits(tokens, length)) {
                if (fitting.isEmpty()) throw nothingFits(row, length, room);
                break;
            }
            tokens += length;
            fitting.add(new Encoded(row, label, text, shownTokens));
        }
        return fitting;
    }

    private UserException nothingFits(LabelledRow row, int length, Room room) {
        int needed = opening.length() + length + room.maxQueryTokens + 1;
        return UserException.data("No demonstration fits the context: the model has " + room.positions
                + " positions, the longest query with its label takes " + room.maxQueryTokens
                + " and the first demonstration ("
                + row.id() + ") " + length + ", so " + needed
                + " would be needed. Ask for 0 shots, a lower limit (a shorter longest query), or a model with more"
                + " positions.");
    }

    private void requireQueriesFit(List<PromptSet.Query> queries, Room room) {
        int label = longestLabel();
        int left = room.positions - opening.length() - label;
        List<String> tooLong = queries.stream()
                .filter(query -> query.ids().length() > left)
                .map(query -> query.row() + " (" + query.ids().length() + ")")
                .toList();
        if (tooLong.isEmpty()) return;
        String named = String.join(", ", tooLong.subList(0, Math.min(NAMED_ROWS, tooLong.size())));
        throw UserException.data(tooLong.size() + " of " + queries.size()
                + (queries.size() == 1 ? " evaluated row does" : " evaluated rows do")
                + " not fit the model's context of "
                + Counted.of(room.positions, "position") + ", which leaves " + Counted.of(left, "token")
                + " for a query: " + named + (tooLong.size() > NAMED_ROWS ? ", …" : "")
                + ". Remove them, lower the limit so that they are left out, or take a model with more positions.");
    }

    private int longest(List<PromptSet.Query> queries) {
        int longest =
                queries.stream().mapToInt(query -> query.ids().length()).max().orElse(0);
        return 1 + longest + longestLabel();
    }

    private int longestLabel() {
        return labels.stream().mapToInt(label -> label.ids().length()).max().orElse(0);
    }

    private PromptSet.Query query(LabelledRow row) {
        String text = template.input(row);
        return new PromptSet.Query(row.id(), text, row.label(), wording.query(text));
    }

    /** The content-free inputs, without those that are too long for what the context leaves. */
    private List<PromptSet.Query> contentFree(int left) {
        List<PromptSet.Query> inputs = new ArrayList<>();
        for (String nothing : PromptSet.CONTENT_FREE) {
            Map<String, String> fields = new HashMap<>();
            template.fields().forEach(field -> fields.put(field, nothing));
            PromptSet.Query query = query(new LabelledRow(
                    "content-free/" + inputs.size(), fields, 0, "the content-free input '" + nothing + "'"));
            int length = query.ids().length();
            if (length > 0 && length + longestLabel() <= left) inputs.add(query);
        }
        return inputs;
    }

    private PromptSet.Demonstration demonstration(Encoded encoded) {
        return new PromptSet.Demonstration(
                encoded.row.id(),
                encoded.text,
                encoded.label,
                encoded.row.label(),
                encoded.shown.tuning(),
                opening.length(),
                encoded.shown.ending() == 1 ? null : encoded.shown.ending());
    }

    private static PromptSet.ShotCount count(int requested, int trueShots, List<Integer> boundaries) {
        return new PromptSet.ShotCount(requested, trueShots, boundaries.get(trueShots));
    }

    private List<String> warnings(int requested, int drawn, List<Encoded> shown) {
        List<String> warnings = new ArrayList<>(wording.warnings());
        int fitting = shown.size();
        if (drawn < requested && fitting == drawn)
            warnings.add("Only " + Counted.of(drawn, "training row") + (drawn == 1 ? " exists for " : " exist for ")
                    + Counted.of(requested, "shot") + ".");
        else if (fitting < requested)
            warnings.add("Only the first " + fitting + " of " + requested + " demonstrations"
                    + (fitting == 1 ? " fits" : " fit") + " the context.");
        List<String> absent = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            int label = i;
            if (shown.stream().noneMatch(d -> d.label == label))
                absent.add(labels.get(i).name());
        }
        if (fitting > 0 && !absent.isEmpty())
            warnings.add("Without a demonstration at " + Counted.of(fitting, "shot") + ": " + String.join(", ", absent)
                    + ". Neither method is shown such an answer.");
        return warnings;
    }

    private List<PromptSet.Label> labels(List<String> names) {
        List<String> words = template.wordsOf(names);
        List<PromptSet.Label> made = new ArrayList<>();
        Map<TokenIds, String> taken = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            TokenIds ids = wording.words().get(i);
            if (ids.length() == 0)
                throw UserException.data("The label word '" + words.get(i) + "' of the label " + names.get(i)
                        + " has no tokens. Give it another word in the template " + template.name() + ".");
            String other = taken.put(ids, names.get(i));
            if (other != null)
                throw UserException.data("The labels " + other + " and " + names.get(i) + " have equal tokens " + ids
                        + ", so that no model can tell them apart. Give them other words in the template "
                        + template.name() + ".");
            made.add(new PromptSet.Label(names.get(i), words.get(i), ids));
        }
        return made;
    }
}
