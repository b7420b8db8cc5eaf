/** Zero-shot and in-context inference: one prefill, which is cut for every shot count. */
@NullMarked
package org.dualform.infer;

import org.jspecify.annotations.NullMarked;
