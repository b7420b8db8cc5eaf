/** What an MLflow server holds, one class each: experiments, runs, artifacts. Every failure is thrown. */
@NullMarked
package org.dualform.mlflow.server;

import org.jspecify.annotations.NullMarked;
