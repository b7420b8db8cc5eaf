/** Commands that speak to MLflow: compare studies, deliver what waits. */
@NullMarked
package org.dualform.cli.tracking;

import org.jspecify.annotations.NullMarked;
