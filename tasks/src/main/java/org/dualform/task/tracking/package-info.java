/** What each kind writes to MLflow. */
@NullMarked
package org.dualform.task.tracking;

import org.jspecify.annotations.NullMarked;
