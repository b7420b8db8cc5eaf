package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.dualform.base.Counted;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.TheoryFigures;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.Measure;

/**
 * The report of the theory on real layers: first what was shown and what was not, in plain words, then the identities
 * with their residuals, then every measure beside its floors.
 */
public record TheoryReport(List<DualFormResult> results) {
    private static final String PATCH_CAVEAT = "What the patches do not show: the patch identity holds for any"
            + " transformer, trained or not. It is algebra, and so no evidence that in-context learning is gradient"
            + " descent. The same goes for the other identities. Evidence could only come from the likeness of the two"
            + " changes, and only where it is clearly above its floors.";

    public TheoryReport {
        results = List.copyOf(results);
    }

    /** One HTML file that needs nothing else. */
    public String html() {
        HtmlPage page = new HtmlPage("Attention as a change of weights, measured");
        page.element(
                "p class=\"about\"", results.stream().map(TheoryReport::about).collect(Collectors.joining(" ")));
        for (DualFormResult result : results) {
            if (results.size() > 1) page.element("h2", result.dataset());
            page.open("div class=\"answers\"");
            card(page, "What was shown", shown(result));
            card(page, "What was not shown", List.of(PATCH_CAVEAT));
            page.close("div");
            page.list(" class=\"care\"", result.notes());
        }
        for (DualFormResult result : results) details(page, result);
        return page.end();
    }

    /** The same words for a terminal and for a log. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (DualFormResult result : results) {
            text.append(about(result)).append('\n');
            shown(result).forEach(line -> text.append("- ").append(line).append('\n'));
            result.notes().forEach(line -> text.append("Note: ").append(line).append('\n'));
        }
        return text.append(PATCH_CAVEAT).append('\n').toString();
    }

    private static void card(HtmlPage page, String title, List<String> lines) {
        page.open("div class=\"answer\"");
        page.element("h2", title);
        lines.forEach(line -> page.element("p", line));
        page.close("div");
    }

    private static String about(DualFormResult r) {
        return "Model " + r.model() + ", data set " + r.dataset() + ", " + Counted.of(r.shots(), "demonstration") + " ("
                + Counted.of(r.contextTokens(), "token") + "), " + Counted.of(r.queries(), "query", "queries")
                + ", seed " + r.seed() + ", " + r.precision()
                + (r.learningRate() == null ? "." : ", learning rate " + r.learningRate() + ".");
    }

    private static List<String> shown(DualFormResult r) {
        List<String> lines = new ArrayList<>();
        lines.add((r.holds()
                        ? "Every identity holds in every layer, to rounding: "
                        : "NOT every identity holds to rounding: ")
                + "the largest residual is " + scientific(r.worst()) + ", and should be below " + scientific(r.limit())
                + "."
                + (r.keysAffine()
                        ? ""
                        : " The expansion into three terms is left out: keys are not affine in this model, because a norm"
                                + " follows their projection."));
        r.most(Measure.PATCH)
                .ifPresent(residual -> lines.add("A context can be written into weights: with one patch for each query,"
                        + " the model without the context gives the logits that it gives with it (off by "
                        + scientific(residual) + random(r) + ")."));
        r.mean(Measure.RELAXATION, Floor.NONE)
                .ifPresent(distance -> lines.add("Real attention is not the paper's linear attention: "
                        + decimal(distance) + " of a head's output lies at a right angle to what linear attention gives"
                        + " (0: none, 1: all)" + floors(r, Measure.RELAXATION) + "."));
        likeness(r, Measure.COSINE, "As matrices, the changes by demonstrations and by fine-tuning have a cosine of ")
                .ifPresent(lines::add);
        likeness(r, Measure.ALIGNMENT, "What the two changes do to the real queries has a cosine of ")
                .ifPresent(lines::add);
        r.mean(Measure.PATCH_SHARED, Floor.NONE)
                .ifPresent(share -> lines.add("The largest common direction of the queries' patches holds "
                        + decimal(share) + " of them (1: one static patch would serve all queries"
                        + floors(r, Measure.PATCH_SHARED).replace(" (", "; ").replace(")", "") + ")."));
        likeness(r, Measure.PATCH_FT, "Patches and fine-tuning's change of the same matrices have a cosine of ")
                .ifPresent(lines::add);
        return lines;
    }

    /** How far patches are off with random weights, where that was measured. */
    private static String random(DualFormResult r) {
        OptionalDouble untrained = r.mean(Measure.PATCH, Floor.UNTRAINED);
        return untrained.isPresent() ? "; with random weights by " + scientific(untrained.getAsDouble()) : "";
    }

    private static Optional<String> likeness(DualFormResult r, Measure measure, String words) {
        OptionalDouble mean = r.mean(measure, Floor.NONE);
        if (mean.isEmpty()) return Optional.empty();
        boolean above = above(r, measure, mean.getAsDouble());
        return Optional.of(words
                + decimal(mean.getAsDouble())
                + floors(r, measure)
                + (above ? ": above each of its floors." : ": not above all of its floors."));
    }

    private static boolean above(DualFormResult r, Measure measure, double mean) {
        for (Floor floor : Floor.values()) {
            if (floor == Floor.NONE) continue;
            OptionalDouble other = r.mean(measure, floor);
            if (other.isPresent() && mean <= Math.abs(other.getAsDouble())) return false;
        }
        return true;
    }

    /** Such as {@code (random 0.01, permuted 0.02, untrained 0.01)}. */
    private static String floors(DualFormResult r, Measure measure) {
        List<String> floors = new ArrayList<>();
        for (Floor floor : Floor.values()) {
            if (floor == Floor.NONE) continue;
            r.mean(measure, floor).ifPresent(value -> floors.add(floor.id() + " " + decimal(value)));
        }
        return floors.isEmpty() ? "" : " (" + String.join(", ", floors) + ")";
    }

    private static void details(HtmlPage page, DualFormResult r) {
        page.element("h2", "Identities on " + r.dataset());
        List<List<String>> identities = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (!measure.isIdentity()) continue;
            OptionalDouble most = r.most(measure);
            String residual = most.isPresent() ? scientific(most.getAsDouble()) : absent(r, measure);
            identities.add(List.of(measure.meaning(), measure.id(), residual, scientific(r.limit())));
        }
        page.table(List.of("identity", "name", "largest residual", "should be below"), identities, 2);
        page.element("h2", "Measures on " + r.dataset() + ", mean over layers, heads and queries");
        List<List<String>> measures = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (measure.isIdentity() || r.mean(measure, Floor.NONE).isEmpty()) continue;
            List<String> line = new ArrayList<>(List.of(measure.meaning(), measure.id()));
            for (Floor floor : Floor.values()) {
                OptionalDouble mean = r.mean(measure, floor);
                line.add(mean.isPresent() ? decimal(mean.getAsDouble()) : "–");
            }
            measures.add(line);
        }
        page.table(List.of("what", "name", "measured", "random", "permuted", "untrained"), measures, 2);
        page.open("div class=\"figures\"");
        for (Figure figure : TheoryFigures.of(r)) page.figure(figure);
        page.close("div");
        page.element(
                "p class=\"note\"",
                "Every layer and head, and the spectra, are in dual_form.json. Sources: Dai et al. 2022"
                        + " (arXiv:2212.10559); for patches Dherin et al. 2025 (arXiv:2507.16003) and Goldwaser et al."
                        + " 2025 (arXiv:2511.17864).");
    }

    private static String absent(DualFormResult r, Measure measure) {
        return switch (measure) {
            case THREE_TERMS -> r.keysAffine() ? "not measured" : "not affine";
            default -> "not measured";
        };
    }

    private static String scientific(double x) {
        return String.format(Locale.ROOT, "%.1e", x);
    }

    /** A number with three digits after the point if it is small, else two; what rounds to zero has no sign. */
    static String decimal(double x) {
        String text = String.format(Locale.ROOT, Math.abs(x) < 0.095 ? "%.3f" : "%.2f", x);
        return text.equals("-0.000") ? "0.000" : text;
    }
}
