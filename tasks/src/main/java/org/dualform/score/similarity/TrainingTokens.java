package org.dualform.score.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dualform.record.SettingRecords;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * Attention to the demonstrations' tokens (Dai et al. 2022, arXiv:2212.10559, section 4.6). In context it is the scores
 * over these tokens, summed over heads. In fine-tuning it is the products of the tuned query with the queries that the
 * tokens were trained on.
 */
final class TrainingTokens {

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
        RowProducts products = new RowProducts(queries, layer * width, width);
        double[][] all = new double[rows][records.demonstrationTokens()];
        int at = 0;
        for (int d = 0; d < records.demonstrations().size(); d++) {
            float[] trained =
                    records.training().records().queries(records.training().file(), d, layer);
            int tokens = records.demonstrations().get(d).size();
            int skipped = trained.length / width - tokens; // BOS and the description
            for (double[] ofToken : products.with(trained, skipped * width)) {
                for (int row = 0; row < rows; row++) all[row][at] = ofToken[row];
                at++;
            }
        }
        return all;
    }

    private void compare(int row, int layer, double[] icl, double[][] tuned, double @Nullable [] otherOrder) {
        int[] seen = seen(icl, otherOrder);
        TokenOrders orders = new TokenOrders(demonstrations(seen));
        Place place = new Place(row, layer, orders, pick(icl, seen));
        double[] products = pick(tuned[row], seen);
        place.compareOfficially(place.compare(UnaryOperator.identity(), products), products);
        if (baselines.contains(Baseline.RANDOM)) {
            place.compareRandom(Baseline.RANDOM, Directions.order(seen.length, row, layer));
        }
        if (baselines.contains(Baseline.RANDOM_UNIFORM)) {
            place.compareRandom(Baseline.RANDOM_UNIFORM, Directions.uniform(seen.length, row, layer));
        }
        if (baselines.contains(Baseline.PERMUTED) && others[row] != row) {
            place.compare(Baseline.PERMUTED::of, pick(tuned[others[row]], seen));
        }
        if (otherOrder != null) place.compare(Baseline.NOISE_FLOOR::of, pick(otherOrder, seen));
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

    /** Rankings of tokens and of whole demonstrations; undefined where a number is not finite. */
    private record Side(@Nullable Ranking tokens, @Nullable Ranking examples) {
        static Side of(double[] tokens, double[] examples) {
            return new Side(ranking(tokens), ranking(examples));
        }

        private static @Nullable Ranking ranking(double[] values) {
            for (double value : values) {
                if (!Double.isFinite(value)) return null;
            }
            return Ranking.of(values);
        }
    }

    /** What in-context learning attends to at one row and layer. Values for that row and layer are entered here. */
    private final class Place {
        private final int row;
        private final int layer;
        private final TokenOrders orders;
        private final double[] tokens;
        private final Side icl;

        Place(int row, int layer, TokenOrders orders, double[] icl) {
            this.row = row;
            this.layer = layer;
            this.orders = orders;
            this.tokens = icl;
            this.icl = Side.of(icl, orders.byExample(icl));
        }

        Side compare(UnaryOperator<MetricName> naming, double[] other) {
            Side side = Side.of(other, orders.byExample(other));
            enter(naming, side);
            return side;
        }

        /** Compares with random numbers. Whole demonstrations take the first of the numbers as they are. */
        void compareRandom(Baseline baseline, double[] random) {
            enter(baseline::of, Side.of(random, Arrays.copyOf(random, orders.count())));
        }

        private void enter(UnaryOperator<MetricName> naming, Side other) {
            set(naming.apply(MetricName.of(Quantity.KENDALL_TOKEN)), tau(icl.tokens(), other.tokens()));
            set(naming.apply(MetricName.of(Quantity.KENDALL_EXAMPLE)), tau(icl.examples(), other.examples()));
            set(
                    naming.apply(MetricName.of(Quantity.RECALL_TOKEN)),
                    recall(icl.tokens(), other.tokens(), TokenOrders.TOP_TOKENS));
            set(
                    naming.apply(MetricName.of(Quantity.RECALL_EXAMPLE)),
                    recall(icl.examples(), other.examples(), TokenOrders.TOP_EXAMPLES));
        }

        /** After a softmax, which keeps the order and can make numbers equal. */
        void compareOfficially(Side ft, double[] ftTokens) {
            double[] iclShares = TokenOrders.softmax(tokens);
            double[] ftShares = TokenOrders.softmax(ftTokens);
            set(
                    MetricName.of(Quantity.KENDALL_TOKEN_OFFICIAL),
                    tau(blurred(icl.tokens(), iclShares), blurred(ft.tokens(), ftShares)));
            set(
                    MetricName.of(Quantity.KENDALL_EXAMPLE_OFFICIAL),
                    tau(Side.ranking(orders.masses(iclShares)), Side.ranking(orders.masses(ftShares))));
        }

        private void set(MetricName metric, double value) {
            table.set(metric, rows, row, layer, value);
        }
    }

    private static @Nullable Ranking blurred(@Nullable Ranking ranking, double[] shares) {
        return ranking == null ? null : ranking.blurred(shares);
    }

    private static double tau(@Nullable Ranking a, @Nullable Ranking b) {
        return a == null || b == null ? Double.NaN : KendallTau.of(a, b);
    }

    private static double recall(@Nullable Ranking a, @Nullable Ranking b, int top) {
        return a == null || b == null ? Double.NaN : TokenOrders.recall(a, b, top);
    }
}
