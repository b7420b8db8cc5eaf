/**
 * The local servers: MLflow and Airflow's components. Each is a process group of its own. A record under {@code
 * DUALFORM_HOME} lets later commands find it and stop it.
 */
@NullMarked
package org.dualform.cli.stack;

import org.jspecify.annotations.NullMarked;
