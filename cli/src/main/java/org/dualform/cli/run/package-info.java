/** Commands that work in this process, without any server: run an experiment, show its prompts, export records. */
@NullMarked
package org.dualform.cli.run;

import org.jspecify.annotations.NullMarked;
