package org.dualform.score.metric;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a metric, taken apart: {@code METHOD.QUANTITY.FLOOR.PART}, of which only the quantity is always there. This
 * is the one place that writes and reads such names, for {@code results.json} and for the tracking server.
 *
 * <pre>
 * MetricName.of(ScoredMethod.ICL, Quantity.ACCURACY).text()                  // icl.accuracy
 * MetricName.of(Quantity.SIM_AOU).beside(Floor.RANDOM).text()                // sim_aou.random
 * MetricName.parse("ft.loss_first").quantity().kind()                        // COST
 * MetricName.parse("icl.accuracy.low").whole()                               // icl.accuracy
 * MetricName.of(ScoredMethod.ICL, Quantity.ACCURACY).withoutMethod().text()  // accuracy
 * </pre>
 *
 * @param method that it is of; null where the quantity compares methods, or where the place says which method it is
 * @param quantity what is measured
 * @param floor what the similarity is read against; null for the similarity itself
 * @param part which of the metric's numbers this is
 */
public record MetricName(
        @Nullable ScoredMethod method,
        Quantity quantity,
        @Nullable Floor floor,
        Part part) {
    private static final String DOT = ".";

    /** Which number of a metric a name stands for. A tracking server keeps each under a name of its own. */
    public enum Part {
        VALUE(""),
        /** Lower end of the interval. */
        LOW(".low"),
        /** Upper end of the interval. */
        HIGH(".high"),
        /** How many cases it rests on. */
        N(".n");

        private final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }

        /** What ends the name: empty for the value itself. */
        public String suffix() {
            return suffix;
        }

        private static Part of(String text) {
            for (Part part : values()) if (part != VALUE && text.endsWith(part.suffix)) return part;
            return VALUE;
        }
    }

    public MetricName {
        if (method != null && !quantity.isOfMethod())
            throw new IllegalArgumentException(quantity.id() + " compares methods and is of none");
        if (floor != null && !quantity.isRecorded())
            throw new IllegalArgumentException(quantity.id() + " is read against no floor");
    }

    /** Of a quantity that compares methods. */
    public static MetricName of(Quantity quantity) {
        return new MetricName(null, quantity, null, Part.VALUE);
    }

    /** Of a method's own quantity. */
    public static MetricName of(ScoredMethod method, Quantity quantity) {
        return new MetricName(method, quantity, null, Part.VALUE);
    }

    /** The accuracy of a method: {@code icl.accuracy}. */
    public static MetricName accuracy(ScoredMethod method) {
        return of(method, Quantity.ACCURACY);
    }

    /** The name taken apart; empty where it is the name of nothing that is measured here. */
    public static Optional<MetricName> find(String text) {
        Part part = Part.of(text);
        String rest = text.substring(0, text.length() - part.suffix.length());
        int first = rest.indexOf(DOT);
        Optional<ScoredMethod> method = first < 0 ? Optional.empty() : ScoredMethod.find(rest.substring(0, first));
        if (method.isPresent()) {
            return Quantity.find(rest.substring(first + 1))
                    .filter(Quantity::isOfMethod)
                    .map(quantity -> new MetricName(method.get(), quantity, null, part));
        }
        Optional<Quantity> whole = Quantity.find(rest);
        if (whole.isPresent()) return Optional.of(new MetricName(null, whole.get(), null, part));
        int last = rest.lastIndexOf(DOT);
        if (last < 0) return Optional.empty();
        return Floor.find(rest.substring(last + 1))
                .flatMap(floor -> Quantity.find(rest.substring(0, last))
                        .filter(Quantity::isRecorded)
                        .map(quantity -> new MetricName(null, quantity, floor, part)));
    }

    /**
     * The name taken apart.
     *
     * @throws IllegalArgumentException where it is the name of nothing that is measured here
     */
    public static MetricName parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException("no such metric: " + text));
    }

    /** The name put together again. */
    public String text() {
        return (method == null ? "" : method.id() + DOT)
                + quantity.id()
                + (floor == null ? "" : DOT + floor.id())
                + part.suffix;
    }

    /** The same similarity, read against a floor. */
    public MetricName beside(Floor other) {
        return new MetricName(method, quantity, other, part);
    }

    /** Another number of the same metric. */
    public MetricName part(Part other) {
        return new MetricName(method, quantity, floor, other);
    }

    /** The metric that this is a number of. */
    public MetricName whole() {
        return part(Part.VALUE);
    }

    /** As a run of that method alone keeps it: {@code accuracy} for {@code icl.accuracy}. */
    public MetricName withoutMethod() {
        return new MetricName(null, quantity, floor, part);
    }

    public MetricKind kind() {
        return quantity.kind();
    }

    /** Whether it is measured with a clock, and therefore differs each time it is computed. */
    public boolean isClocked() {
        return quantity.isClocked();
    }

    @Override
    public String toString() {
        return text();
    }
}
