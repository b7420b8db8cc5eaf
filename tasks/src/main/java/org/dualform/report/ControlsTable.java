package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.report.words.Similarity;
import org.dualform.score.metric.Metric;

/** Similarities beside their floors: a line for each data set and similarity, a column for each floor that was measured. */
record ControlsTable(List<String> head, List<List<String>> lines) {
    /** Data set, shots and similarity; numbers follow. */
    static final int TEXT_COLUMNS = 3;

    static ControlsTable of(List<Panel> panels) {
        List<Point> points = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        for (Panel panel : panels) {
            if (!panel.isMain()) continue;
            last(panel).ifPresent(point -> {
                points.add(point);
                titles.add(panel.title());
            });
        }
        List<Similarity.Floor> floors = new ArrayList<>();
        for (Similarity.Floor floor : Similarity.Floor.values())
            if (points.stream()
                    .anyMatch(point -> Similarity.ALL.stream()
                            .anyMatch(s -> s.at(point, floor).isPresent()))) floors.add(floor);
        List<String> head = new ArrayList<>(List.of("data set", "shots", "similarity", "value"));
        floors.forEach(floor -> head.add(floor.plain()));
        head.add("n");
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            for (Similarity similarity : Similarity.ALL)
                if (similarity.whole(points.get(i)) != null)
                    lines.add(line(titles.get(i), points.get(i), similarity, floors));
        }
        return new ControlsTable(head, lines);
    }

    /** Similarities are recorded at the largest count. */
    private static Optional<Point> last(Panel panel) {
        return panel.points().stream()
                .filter(point ->
                        point.shots() > 0 && !Similarity.measured(point).isEmpty())
                .reduce((first, second) -> second);
    }

    private static List<String> line(String title, Point point, Similarity similarity, List<Similarity.Floor> floors) {
        Metric value = similarity.whole(point);
        List<String> line =
                new ArrayList<>(List.of(title, point.shownShots(), similarity.plain(), Numbers.plain(value)));
        for (Similarity.Floor floor : floors) line.add(Numbers.plain(similarity.whole(point, floor)));
        line.add(Numbers.n(value));
        return line;
    }
}
