package org.dualform.dev.bench.measure;

import java.util.List;

/** Measures a quantity of Dualform against a named peer. Both are measured in this run. */
public interface Benchmark {
    /** The name that selects it on the command line. */
    String name();

    /** The comparison, in a sentence. */
    String description();

    /** Whether the engine computes in this process, and not only in others that are measured. */
    default boolean computesHere() {
        return true;
    }

    /** Runs it; prints nothing. */
    List<Ratio> run(BenchRun bench);
}
