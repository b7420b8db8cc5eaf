/**
 * The decoder, its tokenizer, the prefix cache, and probes that see inside a forward pass. The room knows nothing of
 * prompts.
 */
@NullMarked
package org.dualform.model;

import org.jspecify.annotations.NullMarked;
