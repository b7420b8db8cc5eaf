/** Pages of MLflow's UI: the links that open them, and the views that MLflow keeps for a link. */
@NullMarked
package org.dualform.mlflow.page;

import org.jspecify.annotations.NullMarked;
