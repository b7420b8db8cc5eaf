/** MLflow's REST API: its messages and calls, their limits, and the one place where names become keys. */
@NullMarked
package org.dualform.mlflow.rest;

import org.jspecify.annotations.NullMarked;
