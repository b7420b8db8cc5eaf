/** The outcome of a run that has ended: its table, its links, and the reasons why tasks failed. */
@NullMarked
package org.dualform.cli.workflow.outcome;

import org.jspecify.annotations.NullMarked;
