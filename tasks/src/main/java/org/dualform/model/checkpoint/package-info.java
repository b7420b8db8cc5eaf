/** Checkpoints on disk: the safetensors format, read tensor by tensor and written. */
@NullMarked
package org.dualform.model.checkpoint;

import org.jspecify.annotations.NullMarked;
