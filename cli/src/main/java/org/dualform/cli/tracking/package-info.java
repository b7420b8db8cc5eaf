/** Commands that speak to MLflow: compare studies, and send the data that waits in the spool. */
@NullMarked
package org.dualform.cli.tracking;

import org.jspecify.annotations.NullMarked;
