/**
 * Weights between files and the tensor engine: which files a model has, stored tensors as arrays, and arrays as files.
 */
@NullMarked
package org.dualform.model.checkpoint;

import org.jspecify.annotations.NullMarked;
