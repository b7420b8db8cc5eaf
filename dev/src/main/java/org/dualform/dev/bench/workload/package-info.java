/** The workloads of benchmarks: checkpoints, prompts and records of random numbers, and single forward passes. */
@NullMarked
package org.dualform.dev.bench.workload;

import org.jspecify.annotations.NullMarked;
