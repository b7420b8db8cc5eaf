/** What is measured on: checkpoints, prompts and records of random numbers, and single forwards. */
@NullMarked
package org.dualform.dev.bench.workload;

import org.jspecify.annotations.NullMarked;
