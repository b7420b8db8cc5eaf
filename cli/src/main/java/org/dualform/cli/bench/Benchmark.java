package org.dualform.cli.bench;

import java.util.List;

/** Measures something of ours against a named peer, both in this process. */
public interface Benchmark {
    /** As it is chosen on the command line. */
    String name();

    /** What is compared, in a sentence. */
    String description();

    /** Runs it; prints nothing. */
    List<Ratio> run(RandomGpt2 model);

    /**
     * A result.
     *
     * @param what what was divided by what
     * @param value the ratio
     * @param bound the bound it should keep, as {@code "at most 1.05"}; empty if it has none
     * @param kept whether it does
     * @param seconds CPU seconds of both sides, as a person reads them
     */
    record Ratio(String what, double value, String bound, boolean kept, String seconds) {
        static Ratio atMost(double bound, String what, double value, String seconds) {
            return new Ratio(what, value, "at most " + bound, value <= bound, seconds);
        }

        static Ratio atLeast(double bound, String what, double value, String seconds) {
            return new Ratio(what, value, "at least " + bound, value >= bound, seconds);
        }

        static Ratio told(String what, double value, String seconds) {
            return new Ratio(what, value, "", true, seconds);
        }
    }
}
