package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.report.panel.Numbers;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/** Shows studies side by side, and the difference of each to the first where both have a value. */
public final class Comparison {
    /** What is compared, in the order of the columns. */
    public static final List<MetricName> METRICS = List.of(
            MetricName.accuracy(ScoredMethod.ZSL),
            MetricName.accuracy(ScoredMethod.ICL),
            MetricName.accuracy(ScoredMethod.FT),
            MetricName.of(Quantity.ICL_MINUS_FT));

    /** Data set, shots and study. */
    private static final int KEYS = 3;

    private static final String LEGEND =
            "Accuracy in %, ICL − FT in points, in brackets 95 % intervals; n: answers scored.";
    private static final String DIFFERENCES =
            "Differences in points; their intervals combine both studies' as if these had nothing in common, which is too"
                    + " wide rather than too narrow for studies on the same rows.";

    /**
     * A study.
     *
     * @param name as its runs are tagged
     * @param about model and state
     * @param links addresses by what they show
     * @param points what it found, by data set (with its arm, if it is a control) and shots
     */
    public record Study(String name, String about, Map<String, String> links, List<StudyPoint> points) {}

    /** A study at one data set and shot count. */
    public record StudyPoint(String dataset, int shots, Map<MetricName, Metric> metrics) {}

    private record Place(String dataset, int shots) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byDataset = dataset.compareTo(other.dataset);
            return byDataset != 0 ? byDataset : Integer.compare(shots, other.shots);
        }
    }

    private final List<Study> studies;
    private final List<Map<Place, StudyPoint>> found = new ArrayList<>();

    public Comparison(List<Study> studies) {
        this.studies = List.copyOf(studies);
        for (Study study : studies) {
            Map<Place, StudyPoint> places = new TreeMap<>();
            study.points().forEach(point -> places.put(new Place(point.dataset(), point.shots()), point));
            found.add(places);
        }
    }

    /** As {@link #text(int)}, for a file. */
    public String text() {
        return text(Report.WIDTH);
    }

    /**
     * For a terminal; ends with a newline.
     *
     * @param width columns of the terminal; tables that are wider are split
     */
    public String text(int width) {
        TextTable table = new TextTable(1, KEYS, width);
        StringBuilder out = new StringBuilder();
        List<List<String>> values = values();
        if (!values.isEmpty()) {
            table.append(out, head("study"), values);
            out.append(LEGEND).append('\n');
        }
        List<List<String>> differences = differences();
        if (!differences.isEmpty()) {
            out.append('\n');
            table.append(out, head("studies"), differences);
            out.append(DIFFERENCES).append('\n');
        }
        for (int i = 0; i < studies.size(); i++) {
            Study study = studies.get(i);
            out.append('\n').append(TextTable.printable(label(i) + " " + study.name() + " (" + study.about() + ")"));
            if (study.points().isEmpty()) out.append("\n    no results yet");
            study.links()
                    .forEach((what, link) ->
                            out.append("\n    ").append(what).append(": ").append(TextTable.printable(link)));
            out.append('\n');
        }
        return out.toString();
    }

    /** One self-contained file. */
    public String html() {
        HtmlPage page = new HtmlPage("Studies side by side");
        page.open("ol");
        for (Study study : studies) {
            page.element(
                    "li",
                    study.name() + " (" + study.about() + ")" + (study.points().isEmpty() ? ": no results yet" : ""));
        }
        page.close("ol");
        List<List<String>> differences = differences();
        if (!differences.isEmpty()) {
            page.element("h2", "Differences from the first");
            page.table(head("studies"), differences, 1);
            page.element("p class=\"note\"", DIFFERENCES);
        }
        page.element("h2", "Values");
        page.table(head("study"), values(), 1);
        page.element("p class=\"note\"", LEGEND);
        page.element("h2", "Where they are");
        for (int i = 0; i < studies.size(); i++) {
            int number = i;
            studies.get(i)
                    .links()
                    .forEach(
                            (what, link) -> page.element("p class=\"note\"", label(number) + " " + what + ": " + link));
        }
        return page.end();
    }

    private static List<String> head(String what) {
        return List.of("data set", "shots", what, "ZSL", "ICL", "FT", "ICL − FT", "n");
    }

    private static String label(int index) {
        return "[" + (index + 1) + "]";
    }

    private List<List<String>> values() {
        List<List<String>> lines = new ArrayList<>();
        for (Place place : places()) {
            for (int i = 0; i < studies.size(); i++) {
                StudyPoint point = found.get(i).get(place);
                if (point == null) continue;
                List<String> line = start(place, label(i));
                for (MetricName metric : METRICS)
                    line.add(Numbers.points(point.metrics().get(metric)));
                line.add(n(point));
                lines.add(line);
            }
        }
        return lines;
    }

    private List<List<String>> differences() {
        List<List<String>> lines = new ArrayList<>();
        for (Place place : places()) {
            StudyPoint first = found.get(0).get(place);
            if (first == null) continue;
            for (int i = 1; i < studies.size(); i++) {
                StudyPoint other = found.get(i).get(place);
                if (other == null) continue;
                List<String> line = start(place, label(i) + " − [1]");
                for (MetricName metric : METRICS)
                    line.add(difference(
                                    other.metrics().get(metric), first.metrics().get(metric))
                            .map(Numbers::difference)
                            .orElse(Numbers.NONE));
                line.add(n(other) + ", " + n(first));
                lines.add(line);
            }
        }
        return lines;
    }

    private Set<Place> places() {
        Set<Place> places = new TreeSet<>();
        found.forEach(each -> places.addAll(each.keySet()));
        return places;
    }

    private static List<String> start(Place place, String study) {
        return new ArrayList<>(List.of(place.dataset(), Integer.toString(place.shots()), study));
    }

    private static String n(StudyPoint point) {
        return METRICS.stream()
                .map(metric -> point.metrics().get(metric))
                .filter(Objects::nonNull)
                .map(Numbers::n)
                .filter(n -> !n.equals(Numbers.NONE))
                .findFirst()
                .orElse(Numbers.NONE);
    }

    /**
     * The difference of two independent estimates. Its interval comes from theirs (MOVER; Zou and Donner 2008,
     * doi:10.1002/sim.3095); where one of them has none, the difference has none.
     */
    static Optional<Metric> difference(@Nullable Metric a, @Nullable Metric b) {
        if (a == null || b == null || a.value() == null || b.value() == null) return Optional.empty();
        double value = a.value() - b.value();
        Double low = a.low();
        Double high = a.high();
        Double lowOther = b.low();
        Double highOther = b.high();
        if (low == null || high == null || lowOther == null || highOther == null)
            return Optional.of(Metric.of(MetricKind.DIFFERENCE, value, 0));
        double below = Math.hypot(a.value() - low, highOther - b.value());
        double above = Math.hypot(high - a.value(), b.value() - lowOther);
        return Optional.of(Metric.of(
                MetricKind.DIFFERENCE, value, 0, new Interval(value - below, value + above, IntervalMethod.MOVER)));
    }
}
