/** What Airflow knows of a run: its state, its task instances and their logs. */
@NullMarked
package org.dualform.airflow.run;

import org.jspecify.annotations.NullMarked;
