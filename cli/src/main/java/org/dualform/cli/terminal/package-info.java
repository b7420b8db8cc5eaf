/** The terminal while a command works: lines of progress, phases with their times, and Ctrl-C. */
@NullMarked
package org.dualform.cli.terminal;

import org.jspecify.annotations.NullMarked;
