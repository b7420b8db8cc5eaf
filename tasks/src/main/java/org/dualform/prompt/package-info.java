/** Templates and piece-wise assembled token sequences: demonstrations, queries, label words. */
@NullMarked
package org.dualform.prompt;

import org.jspecify.annotations.NullMarked;
