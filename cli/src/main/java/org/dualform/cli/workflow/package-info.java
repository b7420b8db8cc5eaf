/** Commands that go through Airflow: trigger, watch, cancel and resume a run. */
@NullMarked
package org.dualform.cli.workflow;

import org.jspecify.annotations.NullMarked;
