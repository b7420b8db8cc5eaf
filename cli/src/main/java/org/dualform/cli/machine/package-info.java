/** This machine: where Dualform's folders are, programs run to their end, locks, and stamps that say what was made. */
@NullMarked
package org.dualform.cli.machine;

import org.jspecify.annotations.NullMarked;
