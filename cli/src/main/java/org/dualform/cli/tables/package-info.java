/** Finished studies as the paper's tables. */
@NullMarked
package org.dualform.cli.tables;

import org.jspecify.annotations.NullMarked;
