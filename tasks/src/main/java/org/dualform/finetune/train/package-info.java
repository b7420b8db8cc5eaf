/**
 * Training loops: in the dual form, one demonstration after the other, or with the gradients of the weights themselves.
 */
@NullMarked
package org.dualform.finetune.train;

import org.jspecify.annotations.NullMarked;
