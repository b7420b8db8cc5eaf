/** Benchmarks: each a ratio against a named peer, both measured in one run. One file a benchmark. */
@NullMarked
package org.dualform.cli.bench;

import org.jspecify.annotations.NullMarked;
