/** The ground floor: hashes, file trees, locks, random numbers, retries. Plain Java that knows nothing of Dualform. */
@NullMarked
package org.dualform.base;

import org.jspecify.annotations.NullMarked;
