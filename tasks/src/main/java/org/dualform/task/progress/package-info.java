/** What a task says while it runs: progress with an ETA, lines for people, events for the operator. */
@NullMarked
package org.dualform.task.progress;

import org.jspecify.annotations.NullMarked;
