/** How anything is measured: clocks, memory, processes, peers, and the ratios that come out. */
@NullMarked
package org.dualform.dev.bench.measure;

import org.jspecify.annotations.NullMarked;
