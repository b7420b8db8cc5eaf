package org.dualform.task.select;

import java.util.ArrayList;
import java.util.List;
import org.dualform.finetune.RateSelection;
import org.dualform.spec.Method;
import org.dualform.spec.choice.SelectOn;
import org.dualform.task.file.CandidateChoice;
import org.dualform.task.file.RateChoice;
import org.dualform.task.file.SelectionFile;

/** Describes each choice in a sentence. */
final class SelectionText {
    private SelectionText() {}

    static String of(SelectionFile selection, SelectOn on) {
        String where = on == SelectOn.REPORTED ? "reported rows, as in the paper" : "training rows";
        List<String> sentences = new ArrayList<>();
        if (on == SelectOn.NONE) sentences.add(nothing(selection.rate()));
        if (selection.rate() instanceof RateChoice.Chosen chosen) sentences.add(sentence(chosen.selection(), where));
        selection.chosen().forEach((method, choice) -> sentences.add(sentence(method, choice, where)));
        return String.join("\n", sentences);
    }

    private static String nothing(RateChoice rate) {
        return "Nothing was chosen (select_on: none)"
                + (rate instanceof RateChoice.Unchosen stands
                        ? "; learning rate " + stands.rate() + " stands in."
                        : ".");
    }

    private static String sentence(Method method, CandidateChoice choice, String where) {
        return method.id() + " chose " + (choice.seed() == null ? "" : "seed " + choice.seed() + ", ") + "order "
                + choice.order() + ", template " + choice.templateName() + ", on " + where + ".";
    }

    private static String sentence(RateSelection.Selection chosen, String where) {
        String rate = "Learning rate " + chosen.learningRate() + ", chosen on " + chosen.rows() + " " + where;
        return switch (chosen.place()) {
            case INSIDE -> rate + ".";
            case LOWEST -> rate + "; it is the smallest tried, a smaller one might be better.";
            case HIGHEST -> rate + "; it is the largest tried, a larger one might be better.";
            case ALL_DIVERGED ->
                "Fine-tuning diverged or was unstable at every learning rate tried; the smallest, "
                        + chosen.learningRate() + ", stands in.";
        };
    }
}
