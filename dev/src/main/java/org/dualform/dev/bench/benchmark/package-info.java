/** The benchmarks, a class each. */
@NullMarked
package org.dualform.dev.bench.benchmark;

import org.jspecify.annotations.NullMarked;
