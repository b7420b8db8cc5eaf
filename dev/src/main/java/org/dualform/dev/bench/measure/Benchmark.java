package org.dualform.dev.bench.measure;

import java.util.List;

/** Measures something of ours against a named peer, both in this run. */
public interface Benchmark {
    /** As it is chosen on the command line. */
    String name();

    /** What is compared, in a sentence. */
    String description();

    /** Runs it; prints nothing. */
    List<Ratio> run(BenchRun bench);
}
