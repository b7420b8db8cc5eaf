/** What Airflow knows of a DAG before any run: its form and its graph. */
@NullMarked
package org.dualform.airflow.dag;

import org.jspecify.annotations.NullMarked;
