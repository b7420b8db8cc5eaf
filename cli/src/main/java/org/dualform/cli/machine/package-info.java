/** Access to this machine: Dualform's folders, other programs, locks, and stamps that mark a folder as complete. */
@NullMarked
package org.dualform.cli.machine;

import org.jspecify.annotations.NullMarked;
