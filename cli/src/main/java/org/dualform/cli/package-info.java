/** The {@code dualform} command for people; every subcommand is a file here. */
@NullMarked
package org.dualform.cli;

import org.jspecify.annotations.NullMarked;
