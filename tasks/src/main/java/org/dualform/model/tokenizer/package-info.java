/**
 * The tokenizer of a model folder. The library that tokenizes is native code, which ends the whole process at input that
 * it does not expect; everything that reaches it is checked here.
 */
@NullMarked
package org.dualform.model.tokenizer;

import org.jspecify.annotations.NullMarked;
