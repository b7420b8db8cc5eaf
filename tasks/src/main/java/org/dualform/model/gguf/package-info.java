/**
 * What the GGUF files of llama.cpp mean: metadata as a config.json, tensors by their Hugging Face names and in that layout,
 * vocabulary and merges as a tokenizer.json.
 */
@NullMarked
package org.dualform.model.gguf;

import org.jspecify.annotations.NullMarked;
