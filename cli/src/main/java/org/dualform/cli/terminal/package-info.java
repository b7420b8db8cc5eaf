/** What a person sees and types while a command works: lines of progress, phases with their times, Ctrl-C. */
@NullMarked
package org.dualform.cli.terminal;

import org.jspecify.annotations.NullMarked;
