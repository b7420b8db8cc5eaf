/** Finding, starting, following, cancelling and repeating runs of Airflow, without a command line. */
@NullMarked
package org.dualform.cli.workflow.control;

import org.jspecify.annotations.NullMarked;
