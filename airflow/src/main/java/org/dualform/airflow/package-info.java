/** The client of Airflow's REST API v2: what Dualform asks of Airflow, as plain values, with errors by type. */
@NullMarked
package org.dualform.airflow;

import org.jspecify.annotations.NullMarked;
