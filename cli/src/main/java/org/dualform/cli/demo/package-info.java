/** {@code dualform demo}: sets everything up, measures a study through Airflow and MLflow, and prints its table. */
@NullMarked
package org.dualform.cli.demo;

import org.jspecify.annotations.NullMarked;
