/** Measures what it costs to run a sweep in Airflow: servers of its own, a run in each grouping, and what they took. */
@NullMarked
package org.dualform.dev.bench.grouping;

import org.jspecify.annotations.NullMarked;
