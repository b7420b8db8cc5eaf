/**
 * The local servers: two Python environments, MLflow and Airflow's components, started as process groups of their own,
 * found again by what is recorded under {@code DUALFORM_HOME}, and stopped by it.
 */
@NullMarked
package org.dualform.cli.stack;

import org.jspecify.annotations.NullMarked;
