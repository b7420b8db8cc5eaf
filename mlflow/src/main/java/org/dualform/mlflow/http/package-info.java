/** One HTTP call to an MLflow server: address, sign-in, deadlines, retries, and failures typed by what can be done. */
@NullMarked
package org.dualform.mlflow.http;

import org.jspecify.annotations.NullMarked;
