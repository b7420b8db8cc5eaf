/** A task's way to MLflow: nothing in this package fails because of the server. */
@NullMarked
package org.dualform.mlflow;

import org.jspecify.annotations.NullMarked;
