/** The decoder: checkpoints, families, tokenizer, prefix cache, probes. Knows nothing of prompts. */
@NullMarked
package org.dualform.model;

import org.jspecify.annotations.NullMarked;
