package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.dualform.base.Sha256;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;

/**
 * A study as the chain writes it, with made-up curves that look like real ones. Tests search it, and {@link #main}
 * writes it so that people can look at it in the UI.
 */
final class SampleStudy {
    static final List<String> DATASETS = List.of("sentiment", "topics");
    static final List<Integer> SHOTS = List.of(0, 1, 2, 4, 8);
    static final int SEEDS = 3;

    private final Tracker tracker;
    private final String experiment;
    private final String study;

    SampleStudy(Tracker tracker, String experiment, String study) {
        this.tracker = tracker;
        this.experiment = experiment;
        this.study = study;
    }

    /** Arms of the sample that are controls. */
    static final List<String> CONTROLS = List.of("flip=0.5", "untrained");

    /**
     * Writes 12 curves, 6 comparisons and a summary.
     *
     * @param controls arms besides {@code main}; each makes 12 curves more
     */
    void write(List<String> controls) {
        for (String dataset : DATASETS) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                for (String method : List.of("icl", "ft")) {
                    curve(dataset, seed, method, "main");
                    for (String arm : controls) {
                        curve(dataset, seed, method, arm);
                    }
                }
                comparison(dataset, seed);
            }
        }
        summary();
    }

    private static double accuracy(String dataset, String method, int shots, int seed) {
        double zero = dataset.equals("topics") ? 0.4 : 0.55;
        double gain = (method.equals("icl") ? 0.35 : 0.28) * (1 - Math.exp(-shots / 3.0));
        return zero
                + gain
                + (shots == 0 ? 0 : new Random(seed * 31L + shots + method.hashCode()).nextGaussian() * 0.02);
    }

    private Map<String, String> params(String dataset, int seed) {
        return new TreeMap<>(
                Map.of("model", "mini", "dataset", dataset, "seed", "" + seed, "limit", "200", "template", "generic"));
    }

    private Map<String, String> tags(String kind) {
        return Map.of(
                Tags.STUDY,
                study,
                Tags.KIND,
                kind,
                Tags.USER,
                "sample",
                Tags.SOURCE,
                "dualform-task",
                Tags.AIRFLOW_TRY,
                "1");
    }

    private void curve(String dataset, int seed, String method, String arm) {
        CurveRole role = arm.equals("main") ? CurveRole.MAIN : CurveRole.CONTROL;
        String name = dataset + " " + method + (role == CurveRole.MAIN ? "" : " " + arm);
        Map<String, String> params = params(dataset, seed);
        params.put("method", method);
        params.put("curve", name);
        Map<String, String> tags = new TreeMap<>(tags("curve"));
        tags.put(Tags.CURVE, role.tag());
        RunSpec spec = new RunSpec(
                experiment,
                new RunKey(study, dataset + "-" + seed + "-" + arm, method),
                name + " seed " + seed,
                params,
                tags);
        try (TrackedRun run = tracker.run(spec)) {
            List<MetricPoint> points = new ArrayList<>();
            for (int shots : SHOTS) {
                double value = accuracy(dataset, method, shots, seed) - (role == CurveRole.MAIN ? 0 : 0.1);
                points.add(new MetricPoint(role.metric("accuracy"), value, shots));
                points.add(new MetricPoint(role.metric("accuracy.low"), value - 0.06, shots));
                points.add(new MetricPoint(role.metric("accuracy.high"), value + 0.06, shots));
                points.add(new MetricPoint("ms_per_query", 12 + shots, shots));
            }
            run.metrics(points);
            run.datasets(List.of(new DatasetUse(
                    dataset,
                    Sha256.hex(dataset).substring(0, 32),
                    "generated",
                    "{}",
                    null,
                    "{\"num_rows\":200}",
                    "evaluation")));
            run.table(
                    "tables/accuracy.json",
                    new Table(
                            List.of("shots", "accuracy"),
                            SHOTS.stream()
                                    .map(shots -> List.<Object>of(shots, accuracy(dataset, method, shots, seed)))
                                    .toList()));
            run.end(RunStatus.FINISHED);
        }
    }

    private void comparison(String dataset, int seed) {
        RunSpec spec = new RunSpec(
                experiment,
                new RunKey(study, dataset + "-" + seed, "comparison"),
                dataset + " seed " + seed + " comparison",
                params(dataset, seed),
                tags("comparison"));
        try (TrackedRun run = tracker.run(spec)) {
            run.metrics(SHOTS.stream()
                    .filter(shots -> shots > 0)
                    .map(shots -> new MetricPoint("rec2ftp", 0.6 + shots / 40.0, shots))
                    .toList());
            run.end(RunStatus.FINISHED);
        }
    }

    private void summary() {
        RunSpec spec = new RunSpec(
                experiment,
                new RunKey(study, "", "summary"),
                "summary " + study,
                Map.of("model", "mini", "datasets", "sentiment,topics"),
                tags("summary"));
        try (TrackedRun run = tracker.run(spec)) {
            List<MetricPoint> points = new ArrayList<>();
            for (String dataset : DATASETS) {
                for (int shots : SHOTS) {
                    points.add(new MetricPoint(dataset + "/zsl.accuracy", accuracy(dataset, "icl", 0, 1), shots));
                    points.add(new MetricPoint(dataset + "/icl.accuracy", accuracy(dataset, "icl", shots, 1), shots));
                    points.add(new MetricPoint(dataset + "/ft.accuracy", accuracy(dataset, "ft", shots, 1), shots));
                    points.add(new MetricPoint(dataset + "/icl.accuracy.n", 200, shots));
                }
            }
            run.metrics(points);
            run.table(
                    "tables/summary.json",
                    new Table(
                            List.of("id", "data set", "shots", "ICL"),
                            DATASETS.stream()
                                    .flatMap(dataset -> SHOTS.stream()
                                            .map(shots -> List.<Object>of(
                                                    dataset + " " + shots,
                                                    dataset,
                                                    shots,
                                                    accuracy(dataset, "icl", shots, 1))))
                                    .toList()));
            run.text("report.html", "<!doctype html><h1>Report</h1><p>Sample</p>");
            run.note("## " + study + "\n\n| data set | ICL |\n|---|---|\n| topics | 0.75 |\n");
            run.end(RunStatus.FINISHED);
        }
    }

    /** Writes a study, and prints the links to its pages. Arguments: address of the server, experiment, study. */
    public static void main(String[] args) throws java.io.IOException {
        MlflowServer server = MlflowServer.of(args[0], System.getenv());
        java.nio.file.Path spool = java.nio.file.Files.createTempDirectory("sample");
        try (Tracker tracker = Tracker.open(server, spool)) {
            new SampleStudy(tracker, args[1], args[2]).write(CONTROLS);
            Mlflow mlflow = tracker.mlflow();
            Links links = mlflow.links(mlflow.experiments().find(args[1]).orElseThrow());
            List<String> curves = mlflow.runs().ofStudy(args[1], args[2]).stream()
                    .filter(run -> run.tag(Tags.KIND).orElse("").equals("curve"))
                    .map(RunView::id)
                    .toList();
            String summary = mlflow.runs()
                    .find(args[1], new RunKey(args[2], "", "summary"))
                    .orElseThrow()
                    .id();
            System.out.println("curves "
                    + tracker.charts(mlflow.experiments().find(args[1]).orElseThrow(), args[2]));
            System.out.println("charts " + links.charts(args[2]));
            System.out.println("table " + links.table(args[2]));
            System.out.println("metric " + links.metric(curves, "accuracy"));
            System.out.println("compare " + links.compare(curves));
            System.out.println("run " + links.run(summary));
            System.out.println("report " + links.artifact(summary, "report.html"));
            System.out.println("summarytable " + links.artifact(summary, "tables/summary.json"));
        }
    }
}
