/** Reports of a running task: progress with the time left, lines for people, and events for the Airflow operator. */
@NullMarked
package org.dualform.task.progress;

import org.jspecify.annotations.NullMarked;
