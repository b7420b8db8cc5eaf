package org.dualform.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Numbers;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.StudyCurves;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.statistics.ExampleStatistic;
import org.dualform.score.statistics.PairedDifference;
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
    private static final String DIFFERENCES = "Differences in points.";
    private static final String PAIRED =
            "Paired by row: both studies answered the same rows of the same data, so that each row is compared with"
                    + " itself.";
    private static final String UNPAIRED =
            "Not paired: the two studies did not answer the same rows, or the answers of one are not in MLflow. The"
                    + " intervals combine both studies' as if these had nothing in common, which is too wide rather than"
                    + " too narrow for studies on the same rows.";
    private static final String MARK = " †";
    private static final String SAME = "The studies have the same parameters, model and data.";

    /**
     * A study.
     *
     * @param name as its runs are tagged
     * @param about model and state
     * @param links addresses by what they show
     * @param parameters what it was asked for and measured with, by name
     * @param points what it found, by data set (with its arm, if it is a control) and shots
     */
    public record Study(
            String name,
            String about,
            Map<String, String> links,
            Map<String, String> parameters,
            List<StudyPoint> points) {
        /** A study of which only the results are known. */
        public Study(String name, String about, Map<String, String> links, List<StudyPoint> points) {
            this(name, about, links, Map.of(), points);
        }
    }

    /**
     * A study at one data set and shot count.
     *
     * @param answers null if they are not known
     */
    public record StudyPoint(
            String dataset,
            int shots,
            Map<MetricName, Metric> metrics,
            @Nullable Answers answers) {
        /** A point of which only the metrics are known. */
        public StudyPoint(String dataset, int shots, Map<MetricName, Metric> metrics) {
            this(dataset, shots, metrics, null);
        }
    }

    /**
     * What was answered on every row.
     *
     * @param data hash of the data set's files
     * @param bySeed the lines of each order, by seed
     */
    public record Answers(String data, Map<Integer, List<List<ExampleLine>>> bySeed) {}

    /** The line of a table, and whether it was paired by row. */
    private record Difference(List<String> line, boolean paired) {}

    private record Place(String dataset, int shots) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byDataset = dataset.compareTo(other.dataset);
            return byDataset != 0 ? byDataset : Integer.compare(shots, other.shots);
        }
    }

    private final List<Study> studies;
    private final List<Map<Place, StudyPoint>> found = new ArrayList<>();
    private final List<List<String>> differences = new ArrayList<>();
    private final String differenceNote;

    public Comparison(List<Study> studies) {
        this.studies = List.copyOf(studies);
        for (Study study : studies) {
            Map<Place, StudyPoint> places = new TreeMap<>();
            study.points().forEach(point -> places.put(new Place(point.dataset(), point.shots()), point));
            found.add(places);
        }
        List<Difference> all = allDifferences();
        boolean paired = all.stream().anyMatch(Difference::paired);
        boolean unpaired = !all.stream().allMatch(Difference::paired);
        for (Difference each : all) {
            List<String> line = new ArrayList<>(each.line());
            if (paired && !each.paired()) line.set(KEYS - 1, line.get(KEYS - 1) + MARK);
            differences.add(line);
        }
        differenceNote =
                DIFFERENCES + (paired ? " " + PAIRED : "") + (unpaired ? (paired ? MARK + " " : " ") + UNPAIRED : "");
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
        List<List<String>> parameters = parameters();
        if (studies.size() > 1) {
            if (parameters.isEmpty()) out.append(SAME).append("\n\n");
            else {
                out.append("What differs\n");
                new TextTable(studies.size() + 1, 1, width).append(out, parameterHead(), parameters);
                out.append('\n');
            }
        }
        List<List<String>> values = values();
        if (!values.isEmpty()) {
            table.append(out, head("study"), values);
            out.append(TextReport.wrapped(LEGEND, width));
        }
        if (!differences.isEmpty()) {
            out.append('\n');
            table.append(out, head("studies"), differences);
            out.append(TextReport.wrapped(differenceNote, width));
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
        if (studies.size() > 1) {
            List<List<String>> parameters = parameters();
            page.element("h2", "What differs");
            if (parameters.isEmpty()) page.element("p class=\"note\"", SAME);
            else page.table(parameterHead(), parameters, studies.size() + 1);
        }
        List<Figure> figures = figures();
        if (!figures.isEmpty()) {
            page.element("h2", "Accuracy");
            page.open("div class=\"figures\"");
            figures.forEach(page::figure);
            page.close("div");
        }
        if (!differences.isEmpty()) {
            page.element("h2", "Differences from the first");
            page.table(head("studies"), differences, 1);
            page.element("p class=\"note\"", differenceNote);
        }
        page.element("h2", "Values");
        page.table(head("study"), values(), 1);
        page.element("p class=\"note\"", LEGEND);
        page.element("h2", "Where they are");
        for (int i = 0; i < studies.size(); i++) {
            int number = i;
            studies.get(i).links().forEach((what, link) -> page.link(label(number) + " " + what, link));
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
                    line.add(
                            compares(metric, place)
                                    ? Numbers.points(point.metrics().get(metric))
                                    : Numbers.NONE);
                line.add(n(point));
                lines.add(line);
            }
        }
        return lines;
    }

    private List<Difference> allDifferences() {
        List<Difference> lines = new ArrayList<>();
        for (Place place : places()) {
            StudyPoint first = found.get(0).get(place);
            if (first == null) continue;
            for (int i = 1; i < studies.size(); i++) {
                StudyPoint other = found.get(i).get(place);
                if (other != null) lines.add(difference(place, first, other, label(i) + " − [1]"));
            }
        }
        return lines;
    }

    private static Difference difference(Place place, StudyPoint first, StudyPoint other, String label) {
        List<String> line = start(place, label);
        boolean paired = true;
        for (MetricName name : METRICS) {
            Metric a = other.metrics().get(name);
            Metric b = first.metrics().get(name);
            if (!compares(name, place) || !Numbers.hasValue(a) || !Numbers.hasValue(b)) {
                line.add(Numbers.NONE);
                continue;
            }
            Optional<Metric> byRow = paired(name, first.answers(), other.answers());
            paired &= byRow.isPresent();
            line.add(byRow.or(() -> difference(a, b)).map(Numbers::difference).orElse(Numbers.NONE));
        }
        line.add(n(other) + ", " + n(first));
        return new Difference(line, paired);
    }

    /** The difference row by row, if both studies answered the same rows of the same data. */
    private static Optional<Metric> paired(MetricName name, @Nullable Answers first, @Nullable Answers other) {
        if (first == null || other == null || !first.data().equals(other.data())) return Optional.empty();
        return ExampleStatistic.ALL.stream()
                .filter(statistic -> statistic.name().equals(name))
                .findFirst()
                .flatMap(statistic -> PairedDifference.of(statistic, first.bySeed(), other.bySeed()));
    }

    /** Without demonstrations both methods are zero-shot, and have no difference. */
    private static boolean compares(MetricName metric, Place place) {
        return place.shots() > 0 || metric.quantity() != Quantity.ICL_MINUS_FT;
    }

    /** The parameters that are not the same in all studies. */
    private List<List<String>> parameters() {
        Set<String> names = new LinkedHashSet<>();
        studies.forEach(study -> names.addAll(study.parameters().keySet()));
        List<List<String>> lines = new ArrayList<>();
        for (String name : names) {
            List<String> values = studies.stream()
                    .map(study -> study.parameters().getOrDefault(name, Numbers.NONE))
                    .map(value -> value.isEmpty() ? Numbers.NONE : value)
                    .toList();
            if (values.stream().distinct().count() < 2) continue;
            List<String> line = new ArrayList<>(List.of(name));
            line.addAll(values);
            lines.add(line);
        }
        return lines;
    }

    private List<String> parameterHead() {
        List<String> head = new ArrayList<>(List.of("parameter"));
        for (int i = 0; i < studies.size(); i++) head.add(label(i));
        return head;
    }

    /** A figure for each data set and method that two studies have, or all that a single one has. */
    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        Set<String> datasets = new LinkedHashSet<>();
        places().forEach(place -> datasets.add(place.dataset()));
        for (String dataset : datasets) {
            for (Curve method : List.of(Curve.ICL, Curve.FT)) {
                List<StudyCurves.Line> lines = new ArrayList<>();
                for (int i = 0; i < studies.size(); i++) {
                    SortedMap<Integer, Metric> accuracies = new TreeMap<>();
                    found.get(i).forEach((place, point) -> {
                        Metric metric = point.metrics().get(method.metric());
                        if (place.dataset().equals(dataset) && metric != null) accuracies.put(place.shots(), metric);
                    });
                    if (!accuracies.isEmpty()) lines.add(new StudyCurves.Line(label(i), accuracies));
                }
                if (lines.size() >= Math.min(2, studies.size()))
                    StudyCurves.of(dataset, method, lines).ifPresent(figures::add);
            }
        }
        return figures;
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
