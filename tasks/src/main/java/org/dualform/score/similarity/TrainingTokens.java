package org.dualform.score.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.dualform.record.SettingRecords;
import org.jspecify.annotations.Nullable;

/**
 * Attention to the demonstrations' tokens (paper section 2.4): in context, the scores over them summed over heads; in
 * fine-tuning, the products of the tuned query with the queries that the tokens were trained on.
 */
final class TrainingTokens {
    static final String KENDALL_TOKEN = "kendall.token";
    static final String KENDALL_EXAMPLE = "kendall.example";
    static final String RECALL_TOKEN = "recall.token";
    static final String RECALL_EXAMPLE = "recall.example";
    private static final String OFFICIAL = ".official";

    private final CellRecords records;
    private final Set<Baseline> baselines;
    private final SimilarityTable table;
    private final int rows;
    private final int[] others;

    TrainingTokens(CellRecords records, Set<Baseline> baselines, SimilarityTable table) {
        this.records = records;
        this.baselines = baselines;
        this.table = table;
        this.rows = records.shape().contextRows();
        this.others = Directions.otherRows(rows);
    }

    void measure() {
        SettingRecords reordered = baselines.contains(Baseline.NOISE_FLOOR) ? records.reordered() : null;
        float[][] icl = new float[rows][];
        float[][] again = new float[rows][];
        float[][] queries = new float[rows][];
        for (int row = 0; row < rows; row++) {
            icl[row] = records.icl().contextScores(row);
            queries[row] = records.ft().queries(row);
            if (reordered != null) again[row] = reordered.contextScores(row);
        }
        for (int layer = 0; layer < records.shape().layers(); layer++) {
            double[][] tuned = products(queries, layer);
            for (int row = 0; row < rows; row++) {
                double[] inContext = tokens(icl[row], layer, records.demonstrations());
                double[] otherOrder =
                        reordered == null ? null : tokens(again[row], layer, records.otherDemonstrations());
                compare(row, layer, inContext, tuned, otherOrder);
            }
        }
    }

    /** The scores of the demonstrations' tokens, one behind the other. */
    private double[] tokens(float[] scores, int layer, List<CellRecords.Columns> columns) {
        double[] tokens = new double[records.demonstrationTokens()];
        int at = 0;
        for (CellRecords.Columns demonstration : columns) {
            for (int c = demonstration.first(); c < demonstration.end(); c++) {
                tokens[at++] = scores[layer * records.contextTokens() + c];
            }
        }
        return tokens;
    }

    /** (rows, demonstrations' tokens): tuned queries times the queries trained on. */
    private double[][] products(float[][] queries, int layer) {
        int width = records.shape().queryWidth();
        double[][] transposed = new double[width][rows]; // so that the innermost loop runs over rows, and vectorises
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) transposed[i][row] = queries[row][layer * width + i];
        }
        double[][] products = new double[rows][records.demonstrationTokens()];
        double[] sums = new double[rows];
        int at = 0;
        for (int d = 0; d < records.demonstrations().size(); d++) {
            float[] trained =
                    records.training().records().queries(records.training().file(), d, layer);
            int tokens = records.demonstrations().get(d).size();
            int skipped = trained.length / width - tokens; // BOS and the description
            for (int t = 0; t < tokens; t++, at++) {
                Arrays.fill(sums, 0);
                for (int i = 0; i < width; i++) add(sums, transposed[i], trained[(skipped + t) * width + i]);
                for (int row = 0; row < rows; row++) products[row][at] = sums[row];
            }
        }
        return products;
    }

    private static void add(double[] sums, double[] values, double factor) {
        for (int i = 0; i < sums.length; i++) sums[i] += factor * values[i];
    }

    private void compare(int row, int layer, double[] icl, double[][] tuned, double @Nullable [] otherOrder) {
        int[] seen = seen(icl, otherOrder);
        TokenOrders orders = new TokenOrders(demonstrations(seen));
        double[] a = pick(icl, seen);
        double[] b = pick(tuned[row], seen);
        Place place = new Place(row, layer, orders);
        place.compare("", a, b);
        place.official(a, b);
        if (baselines.contains(Baseline.RANDOM)) {
            place.compareRandom(Baseline.RANDOM, a, Directions.normal(a.length, row, layer));
        }
        if (baselines.contains(Baseline.RANDOM_UNIFORM)) {
            place.compareRandom(Baseline.RANDOM_UNIFORM, a, Directions.uniform(a.length, row, layer));
        }
        if (baselines.contains(Baseline.PERMUTED) && others[row] != row) {
            place.compare("." + Baseline.PERMUTED.id(), a, pick(tuned[others[row]], seen));
        }
        if (otherOrder != null) place.compare("." + Baseline.NOISE_FLOOR.id(), a, pick(otherOrder, seen));
    }

    /** Tokens that every setting sees; −∞ is one outside a window. */
    private static int[] seen(double[] icl, double @Nullable [] otherOrder) {
        return IntStream.range(0, icl.length)
                .filter(i -> icl[i] != Double.NEGATIVE_INFINITY
                        && (otherOrder == null || otherOrder[i] != Double.NEGATIVE_INFINITY))
                .toArray();
    }

    /** Where each demonstration is among the tokens seen. */
    private List<CellRecords.Columns> demonstrations(int[] seen) {
        List<CellRecords.Columns> columns = new ArrayList<>();
        int end = 0;
        int at = 0;
        for (CellRecords.Columns demonstration : records.demonstrations()) {
            end += demonstration.size();
            int first = at;
            while (at < seen.length && seen[at] < end) at++;
            columns.add(new CellRecords.Columns(first, at));
        }
        return columns;
    }

    private static double[] pick(double[] values, int[] indices) {
        double[] picked = new double[indices.length];
        for (int i = 0; i < picked.length; i++) picked[i] = values[indices[i]];
        return picked;
    }

    /** Where values are entered. */
    private final class Place {
        private final int row;
        private final int layer;
        private final TokenOrders orders;

        Place(int row, int layer, TokenOrders orders) {
            this.row = row;
            this.layer = layer;
            this.orders = orders;
        }

        void compare(String suffix, double[] a, double[] b) {
            enter(suffix, a, b, orders.byExample(a), orders.byExample(b));
        }

        /** For whole demonstrations the first random numbers, as they are. */
        void compareRandom(Baseline baseline, double[] a, double[] random) {
            double[] examples = orders.byExample(a);
            enter("." + baseline.id(), a, random, examples, Arrays.copyOf(random, examples.length));
        }

        private void enter(String suffix, double[] a, double[] b, double[] examplesA, double[] examplesB) {
            set(KENDALL_TOKEN + suffix, tau(a, b));
            set(KENDALL_EXAMPLE + suffix, tau(examplesA, examplesB));
            set(RECALL_TOKEN + suffix, recall(a, b, TokenOrders.TOP_TOKENS));
            set(RECALL_EXAMPLE + suffix, recall(examplesA, examplesB, TokenOrders.TOP_EXAMPLES));
        }

        void official(double[] a, double[] b) {
            double[] sharesA = TokenOrders.softmax(a);
            double[] sharesB = TokenOrders.softmax(b);
            set(KENDALL_TOKEN + OFFICIAL, tau(sharesA, sharesB));
            set(KENDALL_EXAMPLE + OFFICIAL, tau(orders.masses(sharesA), orders.masses(sharesB)));
        }

        private double tau(double[] a, double[] b) {
            return finite(a) && finite(b) ? KendallTau.of(a, b) : Double.NaN;
        }

        private double recall(double[] a, double[] b, int top) {
            return finite(a) && finite(b) ? TokenOrders.recall(a, b, top) : Double.NaN;
        }

        private void set(String metric, double value) {
            table.set(metric, rows, row, layer, value);
        }
    }

    private static boolean finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }
}
