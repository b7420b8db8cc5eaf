/** What is said about runs and read back from them: plain values that know of no server. */
@NullMarked
package org.dualform.mlflow.value;

import org.jspecify.annotations.NullMarked;
