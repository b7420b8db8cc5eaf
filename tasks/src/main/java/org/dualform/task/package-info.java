/** Task kinds, workspace, content keys, progress, tracking: the one room that knows of MLflow. */
@NullMarked
package org.dualform.task;

import org.jspecify.annotations.NullMarked;
