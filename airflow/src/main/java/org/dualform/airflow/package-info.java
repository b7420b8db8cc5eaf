/** Client of Airflow's REST API v2: what Dualform asks of Airflow, and its errors by type. */
@NullMarked
package org.dualform.airflow;

import org.jspecify.annotations.NullMarked;
