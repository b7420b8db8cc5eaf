/** One run on a server that operations are applied to, so that saying the same twice leaves the same run. */
@NullMarked
package org.dualform.mlflow.live;

import org.jspecify.annotations.NullMarked;
