package org.dualform.dev.bench.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.dualform.contract.PermanentException;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.ChildProcess;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Peers;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.ResidentMemory;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.dev.bench.workload.RandomRecords;
import org.dualform.score.similarity.Baseline;
import org.dualform.score.similarity.Similarities;

/** Compares computing similarities from our records with a plain computation from files in the paper's format. */
public final class ScoringBenchmark implements Benchmark {
    private static final int ROWS = 200;
    private static final int MANY_ROWS = 800;
    private static final double MEMORY = 512e6;

    @Override
    public String name() {
        return "score";
    }

    @Override
    public String description() {
        return "similarities of " + ROWS + " rows in the shape of the paper's 1.3B model (24 layers, 32 heads, width"
                + " 2048, 1,500 demonstration tokens) from random records, including reading and the random baseline."
                + " The peer computes row by row with NumPy and SciPy from the paper's JSON lines; it is measured on"
                + " 1 layer, times 24";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        try {
            Path folder = Files.createTempDirectory("dualform-score");
            try {
                return measured(bench, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new PermanentException("The records to measure cannot be written: " + e, e);
        }
    }

    private static List<Ratio> measured(BenchRun bench, Path folder) throws IOException {
        RandomRecords records = new RandomRecords(folder, ROWS);
        records.write();
        List<Ratio> ratios = new ArrayList<>();
        bench.peers().ifPresent(peers -> {
            Spread ours = Clock.CPU.rounds(bench.rounds(), () -> score(records));
            Peers.Measured theirs = peers.measureScoring(ROWS);
            Spread peer = theirs.of("seconds").times(RandomRecords.LAYERS);
            ratios.add(Ratio.atLeast(
                    20,
                    "NumPy and SciPy over JSON / ours",
                    new Spread(
                            peer.median() / ours.median(),
                            peer.low() / ours.high(),
                            peer.high() / ours.low(),
                            peer.n()),
                    String.format(Locale.ROOT, "%.3g s / %.3g s", peer.median(), ours.median())));
            double json = theirs.of("bytes").median() * RandomRecords.LAYERS;
            ratios.add(Ratio.atLeast(
                    5,
                    "bytes of the JSON lines / of our records",
                    Spread.once(json / records.bytes()),
                    String.format(Locale.ROOT, "%.0f MB / %.0f MB", json / 1e6, records.bytes() / 1e6)));
        });
        double few = memory(folder, ROWS);
        new RandomRecords(folder, MANY_ROWS).write();
        double many = memory(folder, MANY_ROWS);
        ratios.add(memory(ROWS, few));
        ratios.add(memory(MANY_ROWS, many));
        return ratios;
    }

    private static Ratio memory(int rows, double bytes) {
        return Ratio.atMost(
                1,
                "memory beyond the JVM, file pages left out, " + rows + " rows / 512 MB",
                Spread.once(bytes / MEMORY),
                String.format(Locale.ROOT, "%.0f MB / 512 MB", bytes / 1e6));
    }

    private static double memory(Path folder, int rows) {
        return Double.parseDouble(ChildProcess.run(Probe.class, folder.toString(), Integer.toString(rows))
                .trim());
    }

    private static void score(RandomRecords records) {
        Similarities.measure(records.open(), EnumSet.of(Baseline.RANDOM));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }

    /** Scores in a process of its own, and prints by how many bytes its memory grew meanwhile. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) throws InterruptedException {
            long before = ResidentMemory.anonymous();
            long most = before;
            Thread scoring = new Thread(() -> score(new RandomRecords(Path.of(args[0]), Integer.parseInt(args[1]))));
            scoring.start();
            while (scoring.isAlive()) {
                most = Math.max(most, ResidentMemory.anonymous());
                scoring.join(10);
            }
            System.out.println(most - before);
        }
    }
}
