/** What a run that has ended leaves: its table, its links, and the reasons of tasks that failed. */
@NullMarked
package org.dualform.cli.workflow.outcome;

import org.jspecify.annotations.NullMarked;
