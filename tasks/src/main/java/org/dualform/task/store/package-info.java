/** The workspace: slots, finished results, hashes, durable writes. */
@NullMarked
package org.dualform.task.store;

import org.jspecify.annotations.NullMarked;
