/** The checks of {@code dualform preflight}: whether a study can be measured in an Airflow. */
@NullMarked
package org.dualform.cli.workflow.preflight;

import org.jspecify.annotations.NullMarked;
