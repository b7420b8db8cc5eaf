/** The benchmarks, each a class of its own. */
@NullMarked
package org.dualform.dev.bench.benchmark;

import org.jspecify.annotations.NullMarked;
