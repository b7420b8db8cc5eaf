/** Finds, starts, follows, cancels and repeats runs of Airflow. The commands use it. */
@NullMarked
package org.dualform.cli.workflow.control;

import org.jspecify.annotations.NullMarked;
