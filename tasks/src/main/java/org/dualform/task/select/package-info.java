/** The select kind: chooses a learning rate and, where asked, seed, order and template. */
@NullMarked
package org.dualform.task.select;

import org.jspecify.annotations.NullMarked;
