/**
 * How files travel between workers: references to them, what a task sends to the tracking server, and what it fetches
 * from there.
 */
@NullMarked
package org.dualform.task.transport;

import org.jspecify.annotations.NullMarked;
