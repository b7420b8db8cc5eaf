/** Tracking in MLflow: find-or-create runs by key, batches inside the server's limits, streamed artifacts, a spool for when the server is away. */
@NullMarked
package org.dualform.mlflow;

import org.jspecify.annotations.NullMarked;
