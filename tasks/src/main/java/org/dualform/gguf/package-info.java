/**
 * GGUF, the file format of llama.cpp: the header, the stored types, and the numbers that their blocks stand for. What the
 * tensors mean is for {@code org.dualform.model.gguf} to say.
 */
@NullMarked
package org.dualform.gguf;

import org.jspecify.annotations.NullMarked;
