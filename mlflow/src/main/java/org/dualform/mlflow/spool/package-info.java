/** What could not be said yet, kept in a folder, and its delivery. */
@NullMarked
package org.dualform.mlflow.spool;

import org.jspecify.annotations.NullMarked;
