package org.dualform.report.paper;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The same in sentences: over all models and data sets, how often a claim holds. */
final class ClaimText {
    private ClaimText() {}

    /** A sentence for each claim that was measured anywhere. */
    static List<String> of(List<MeasuredStudy> studies) {
        List<String> sentences = new ArrayList<>();
        for (Claim claim : Claim.values()) {
            Map<Claim.Verdict, Integer> counts = counts(claim, studies);
            int holds = counts.getOrDefault(Claim.Verdict.HOLDS, 0);
            int opposite = counts.getOrDefault(Claim.Verdict.OPPOSITE, 0);
            int undecided = counts.getOrDefault(Claim.Verdict.UNDECIDED, 0);
            int all = holds + opposite + undecided;
            if (all == 0) continue;
            sentences.add("Table " + claim.table() + ", " + claim.sentence() + ": holds in " + holds + " of " + all
                    + " pairs of model and data set, the opposite in " + opposite + ", and " + undecided
                    + (undecided == 1 ? " is" : " are") + " undecided. " + judged(holds, opposite, undecided));
        }
        return sentences;
    }

    private static Map<Claim.Verdict, Integer> counts(Claim claim, List<MeasuredStudy> studies) {
        Map<Claim.Verdict, Integer> counts = new EnumMap<>(Claim.Verdict.class);
        for (MeasuredStudy study : studies)
            for (String dataset : study.datasets()) counts.merge(claim.of(study, dataset), 1, Integer::sum);
        return counts;
    }

    private static String judged(int holds, int opposite, int undecided) {
        if (opposite == 0 && undecided == 0) return "It holds everywhere.";
        if (opposite == 0 && holds > undecided) return "Nothing contradicts it, and most of it is shown.";
        if (opposite == 0 && holds > 0) return "Nothing contradicts it, but most of it is not shown.";
        if (opposite == 0) return "This says neither that it holds nor that it does not.";
        return holds > opposite ? "It holds more often than not, and not everywhere." : "It does not carry over.";
    }
}
