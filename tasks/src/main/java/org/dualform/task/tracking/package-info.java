/** Writes each kind's results to MLflow. */
@NullMarked
package org.dualform.task.tracking;

import org.jspecify.annotations.NullMarked;
