/**
 * Files in the safetensors format (<a href="https://huggingface.co/docs/safetensors">huggingface.co/docs/safetensors</a>),
 * read and written in plain Java: models, updates, training states and records all use them. The room knows nothing of the
 * tensor engine; {@code model.checkpoint} turns stored tensors into arrays and back.
 */
@NullMarked
package org.dualform.safetensors;

import org.jspecify.annotations.NullMarked;
