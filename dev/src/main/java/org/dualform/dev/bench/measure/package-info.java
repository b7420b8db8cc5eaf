/** The means of measuring: clocks, memory, processes and peers, and the ratios that result. */
@NullMarked
package org.dualform.dev.bench.measure;

import org.jspecify.annotations.NullMarked;
