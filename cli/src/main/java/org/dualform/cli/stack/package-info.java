/**
 * The local servers themselves: MLflow and Airflow's components. Each is a process group of its own, found again by what is
 * recorded under {@code DUALFORM_HOME}, and stopped by it.
 */
@NullMarked
package org.dualform.cli.stack;

import org.jspecify.annotations.NullMarked;
