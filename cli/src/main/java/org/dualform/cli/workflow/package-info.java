/**
 * What the commands that go through Airflow share: phases, triggering with a checked conf, following a run to its end,
 * its results and links, and what has to run again.
 */
@NullMarked
package org.dualform.cli.workflow;

import org.jspecify.annotations.NullMarked;
